// Which attributes explain most to these users?
// As top_attributes, for the users who have a given attribute.
// $segment: id of a user attribute, such as user.age=25-34
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (s:Attribute {id: $segment})<-[:HAS_ATTRIBUTE]-(u:User)-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(a:Attribute)
WHERE r.run = chosen AND e.rank >= 1
RETURN a.id AS id, a.owner AS owner, a.kind AS kind, a.value AS value, count(e) AS reasons, sum(e.share) AS share, avg(e.effect) AS mean_effect
ORDER BY share DESC, id
LIMIT 25
