// Begin to write a run
// $row: its properties
CREATE (r:Run)
SET r = $row
