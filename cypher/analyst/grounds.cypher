// What do the reasons stand on?
// Reasons by ground and method, with what they claim and what was measured.
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = chosen
RETURN e.ground AS ground, e.method AS method, count(e) AS reasons, avg(e.weight) AS mean_weight,
       avg(e.share) AS mean_share, avg(e.effect) AS mean_effect
ORDER BY ground, method
LIMIT 100
