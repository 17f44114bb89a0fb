// Begin to load a data set
// $id: id of the data set
// $row: its properties
MERGE (d:Dataset {id: $id})
SET d = $row
