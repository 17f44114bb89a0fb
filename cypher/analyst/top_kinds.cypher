// Which kinds of attribute explain most?
// Genres, directors, ages …, as top_attributes, by kind.
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (a:Attribute)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = chosen
WITH a, r, e.method AS method, coalesce(max(e.net), sum(e.weight)) AS net, sum(e.share) AS part,
     max(e.effect) AS effect, max(e.held_effect) AS held
WHERE net > 0
RETURN a.owner AS owner, a.kind AS kind, count(net) AS reasons, sum(part) AS share,
       avg(effect) AS mean_relative_effect, avg(held) AS mean_held_effect
ORDER BY share DESC, owner, kind
LIMIT 100
