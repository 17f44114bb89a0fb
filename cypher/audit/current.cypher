// More than one current run of a data set
// Zero rows on a good database: of each data set, one complete run at most is current.
MATCH (run:Run)
WHERE run.current
WITH coalesce(run.dataset, '') AS dataset, count(run) AS current_runs, collect(run.id) AS ids, min(run.status) AS first, max(run.status) AS last
WHERE current_runs > 1 OR first <> 'complete' OR last <> 'complete'
RETURN dataset, current_runs, ids
LIMIT 1000
