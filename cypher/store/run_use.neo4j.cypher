// Make a complete run the current one of its data set
// $run: id of the run
// $default: id of the data set of runs that name none
MATCH (r:Run {id: $run, status: 'complete'})
OPTIONAL MATCH (old:Run {current: true})
WHERE old.id <> $run AND coalesce(old.dataset, $default) = coalesce(r.dataset, $default)
SET old.current = false
WITH r, count(old) AS before
SET r.current = true
RETURN r.id AS run
