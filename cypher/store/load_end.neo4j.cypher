// A data set is loaded
// $id: id of the data set
// $row: its properties
MATCH (d:Dataset {id: $id})
SET d = $row
