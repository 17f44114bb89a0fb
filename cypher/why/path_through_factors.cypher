// Draw: why, through factors of the user's history
// Paths to draw: user, evidence, recommendation, item; the factor between evidence and item. One user and one run at
// both ends. Taken items, their entities and their attributes; why/path_factors draws factors that are reasons themselves.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH p = (x:Item|Entity|Attribute)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user}),
      q = (r)-[:SUGGESTS]->(i:Item),
      b = (x)-[:BELONGS_TO]->(f:Factor)
WHERE r.run = chosen AND r.item = $item AND i.id = $item AND e.via = 'factor:' + f.id
OPTIONAL MATCH c = (i)-[:BELONGS_TO]->(f)
OPTIONAL MATCH s = (v:User {id: $user})-[:INTERACTED]->(j:Item)
WHERE j.id = coalesce(e.anchor, x.id)
OPTIONAL MATCH t = (j)-[:HAS_ENTITY|HAS_ATTRIBUTE]->(x)
RETURN p, q, b, c, s, t
ORDER BY e.rank < 0, abs(e.rank)
LIMIT 25
