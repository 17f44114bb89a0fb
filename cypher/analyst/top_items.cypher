// Which taken items explain most?
// Supporting reasons only; share is summed over all recommendations of the run.
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (j:Item)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = chosen AND e.rank >= 1
RETURN j.id AS id, j.name AS name, count(e) AS reasons, sum(e.share) AS share, avg(e.effect) AS mean_effect
ORDER BY share DESC, id
LIMIT 25
