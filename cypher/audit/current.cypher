// More than one current run
// Zero rows on a good database: one complete run at most is current.
MATCH (run:Run)
WHERE run.current
WITH count(run) AS current_runs, collect(run.id) AS ids, min(run.status) AS first, max(run.status) AS last
WHERE current_runs > 1 OR first <> 'complete' OR last <> 'complete'
RETURN current_runs, ids
LIMIT 1000
