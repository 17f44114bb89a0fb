// Runs whose effects somebody was writing when they died
MATCH (r:Run)
WHERE r.effects IS NOT NULL
RETURN r.id AS run, r.effects AS state
ORDER BY run
