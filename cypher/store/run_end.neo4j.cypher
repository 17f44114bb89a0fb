// A run is whole: it becomes visible and, where asked for, current in its data set, in one transaction
// It gets the next number, by which runs are told newer from older.
// $run: id of the run
// $current: whether it becomes the current run
// $row: its final properties
// $default: id of the data set of runs that name none
OPTIONAL MATCH (other:Run)
WHERE other.id <> $run
WITH coalesce(max(other.number), 0) AS last
OPTIONAL MATCH (old:Run {current: true})
WHERE $current AND old.id <> $run AND coalesce(old.dataset, $default) = coalesce($row.dataset, $default)
SET old.current = false
WITH last, count(old) AS before
MATCH (r:Run {id: $run})
SET r = $row
SET r.number = last + 1
RETURN r.number AS number
