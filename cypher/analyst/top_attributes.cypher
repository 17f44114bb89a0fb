// Which attributes explain most?
// Nodes that support, by their weight over all that they came through. share is summed over all recommendations of the
// run; mean_relative_effect is what was measured of them, relative to the user's other inputs where the model
// normalises; mean_held_effect with denominators and lengths held, null where it does not normalise.
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (a:Attribute)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = chosen
WITH a, r, e.method AS method, coalesce(max(e.net), sum(e.weight)) AS net, sum(e.share) AS part,
     max(e.effect) AS effect, max(e.held_effect) AS held
WHERE net > 0
RETURN a.id AS id, a.owner AS owner, a.kind AS kind, a.value AS value, count(net) AS reasons, sum(part) AS share,
       avg(effect) AS mean_relative_effect, avg(held) AS mean_held_effect
ORDER BY share DESC, id
LIMIT 25
