// Is this run older than its data?
// One row if its data set changed after the run saw it: the run is stale, which is not the same as untrue.
// $run: id of the run
MATCH (d:Dataset), (run:Run {id: $run})
WHERE d.id = run.dataset OR d.base = run.dataset OR (run.dataset IS NULL AND coalesce(d.prefix, '') = '')
WITH run, d
ORDER BY coalesce(d.generation, 0) DESC, d.loaded DESC
LIMIT 1
WITH run, d
WHERE d.fingerprint <> run.data
RETURN run.id AS run, run.data AS saw, d.fingerprint AS holds, d.loaded AS since
ORDER BY since
LIMIT 1
