// What do the reasons stand on?
// Reasons by ground and method, and the nodes that they name. Means are over nodes: of what their rows weigh together,
// and of what was measured. mean_relative_effect: where the model normalises, an effect says more or less than the
// user's other inputs, never how much. mean_held_effect, with denominators and lengths held, says how much; null where
// the model does not normalise.
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = chosen
WITH x, r, e.ground AS ground, e.method AS method, count(e) AS rows, sum(e.weight) AS weight, sum(e.share) AS part,
     max(e.effect) AS effect, max(e.held_effect) AS held
RETURN ground, method, sum(rows) AS reasons, count(rows) AS nodes, avg(weight) AS mean_weight, avg(part) AS mean_share,
       avg(effect) AS mean_relative_effect, avg(held) AS mean_held_effect
ORDER BY ground, method
LIMIT 100
