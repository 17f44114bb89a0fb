// Hide runs from every query before they are removed
// $runs: their ids
MATCH (r:Run)
WHERE r.id IN $runs
SET r.status = 'writing', r.current = false
RETURN r.id AS run
