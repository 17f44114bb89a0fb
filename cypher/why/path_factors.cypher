// Draw: why, through factors that the user belongs to
// Paths to draw: user, evidence, recommendation, item. One user and one run at both ends.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH p = (v:User {id: $user})-[:BELONGS_TO]->(f:Factor)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user}),
      q = (r)-[:SUGGESTS]->(i:Item)
WHERE r.run = chosen AND r.item = $item AND i.id = $item
  AND e.ground = 'factor'
RETURN p, q
ORDER BY e.rank < 0, abs(e.rank)
LIMIT 25
