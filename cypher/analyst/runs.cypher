// Which runs exist?
// Complete runs and half-written ones, newest first: by the number that a run gets when it is whole, not by the clock.
MATCH (run:Run)
OPTIONAL MATCH (run)<-[:FROM_RUN]-(r:Recommendation)
RETURN run.id AS id, run.dataset AS dataset, coalesce(run.number, 0) AS number, run.name AS name, run.model AS model, run.created AS created, run.status AS status,
       run.current AS current, run.scope AS scope, run.data AS data, run.weight_unit AS weight_unit,
       count(r) AS recommendations
ORDER BY number DESC, created DESC, id
LIMIT 100
