// Make a complete run the current one
// $run: id of the run
MATCH (r:Run {id: $run, status: 'complete'})
OPTIONAL MATCH (old:Run {current: true})
WHERE old.id <> $run
SET old.current = false
WITH r, count(old) AS before
SET r.current = true
RETURN r.id AS run
