// Is this run older than its data?
// One row if the store's data changed after the run saw it: the run is stale, which is not the same as untrue.
// $run: id of the run
MATCH (d:Dataset)
WITH max(d.loaded) AS latest
MATCH (d:Dataset), (run:Run {id: $run})
WHERE d.loaded = latest AND d.fingerprint <> run.data
RETURN run.id AS run, run.data AS saw, d.fingerprint AS holds, d.loaded AS since
ORDER BY since
LIMIT 1
