// Which attributes explain most to these users?
// As top_attributes, for the users who have a given attribute.
// $segment: id of a user attribute, such as user.age=25-34
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (s:Attribute {id: $segment})<-[:HAS_ATTRIBUTE]-(u:User)-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(a:Attribute)
WHERE r.run = chosen
WITH a, r, e.method AS method, coalesce(max(e.net), sum(e.weight)) AS net, sum(e.share) AS part,
     max(e.effect) AS effect, max(e.held_effect) AS held
WHERE net > 0
RETURN a.id AS id, a.owner AS owner, a.kind AS kind, a.value AS value, count(net) AS reasons, sum(part) AS share,
       avg(effect) AS mean_relative_effect, avg(held) AS mean_held_effect
ORDER BY share DESC, id
LIMIT 25
