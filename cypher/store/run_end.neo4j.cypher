// A run is whole: it becomes visible and, where asked for, current, in one transaction
// $run: id of the run
// $current: whether it becomes the current run
// $row: its final properties
OPTIONAL MATCH (old:Run {current: true})
WHERE $current AND old.id <> $run
SET old.current = false
WITH count(old) AS before
MATCH (r:Run {id: $run})
SET r = $row
