// Which kinds of attribute explain most?
// Genres, directors, ages …: supporting reasons, by kind.
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (a:Attribute)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = chosen AND e.rank >= 1
RETURN a.owner AS owner, a.kind AS kind, count(e) AS reasons, sum(e.share) AS share, avg(e.effect) AS mean_effect
ORDER BY share DESC, owner, kind
LIMIT 100
