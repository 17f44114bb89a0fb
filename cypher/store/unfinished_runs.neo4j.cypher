// Runs that were left half-written or half-removed
MATCH (r:Run)
WHERE r.status <> 'complete'
RETURN r.id AS run
ORDER BY run
