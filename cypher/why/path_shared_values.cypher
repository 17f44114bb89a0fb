// Draw: why, through values that an item of the history shares with this one
// Paths to draw: user, item of the history, recommendation, item; the shared value between the two items, and what
// stands together in other histories. One user and one run at both ends.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH p = (v:User {id: $user})-[:INTERACTED]->(j:Item)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user}),
      q = (r)-[:SUGGESTS]->(i:Item),
      s = (j)-[:HAS_ATTRIBUTE]->(a:Attribute)<-[:HAS_ATTRIBUTE]-(i)
WHERE r.run = chosen AND r.item = $item AND i.id = $item
  AND e.ground = 'history' AND e.via = 'attribute:' + a.kind
OPTIONAL MATCH t = (j)-[:CO_PURCHASED]-(i)
RETURN p, q, s, t
ORDER BY e.rank < 0, abs(e.rank), a.id
LIMIT 25
