// Draw: why, through what stands together in other histories
// Paths to draw: user, evidence, recommendation, item. One user and one run at both ends.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH p = (i:Item {id: $item})-[:CO_PURCHASED]-(j:Item)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user}),
      q = (r)-[:SUGGESTS]->(t:Item)
WHERE r.run = chosen AND r.item = $item AND t.id = $item
RETURN p, q
ORDER BY e.rank < 0, abs(e.rank)
LIMIT 25
