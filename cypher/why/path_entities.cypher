// Draw: why, through entities of the user's history
// Paths to draw: user, evidence, recommendation, item. One user and one run at both ends.
// Entities that hang on the item of the history itself; why/entities also finds those further away.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH p = (v:User {id: $user})-[:INTERACTED]->(j:Item)-[:HAS_ENTITY]->(x:Entity)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user}),
      q = (r)-[:SUGGESTS]->(i:Item)
WHERE r.run = chosen AND r.item = $item AND i.id = $item
  AND j.id = e.anchor
RETURN p, q
ORDER BY e.rank < 0, abs(e.rank)
LIMIT 25
