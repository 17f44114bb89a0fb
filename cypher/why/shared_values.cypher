// Why, through values that an item of the history shares with this one?
// One row per item of the history that came through attribute:KIND and value of the kind that both items carry: the
// weight, share and rank of that way, and how many users have both items in their history, null where the graph does
// not say.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (v:User {id: $user})-[:INTERACTED]->(j:Item)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user})
WHERE r.item = $item AND r.run = chosen AND e.ground = 'history' AND e.via STARTS WITH 'attribute:'
MATCH (j)-[:HAS_ATTRIBUTE]->(a:Attribute)<-[:HAS_ATTRIBUTE]-(i:Item {id: $item})
WHERE e.via = 'attribute:' + a.kind
OPTIONAL MATCH (j)-[c:CO_PURCHASED]-(i)
WITH j, a, e.method AS method, e.weight AS weight, e.share AS share, e.rank AS rank, max(c.count) AS together
RETURN j.id AS id, j.name AS name, a.kind AS kind, a.value AS value, a.id AS attribute, weight, share, rank, together,
       method
ORDER BY rank < 0, abs(rank), method, id, attribute
LIMIT 200
