// Why, through neighbours of an item of the history?
// One row per item of the history that came through neighbours:KIND and item between: others have it together with the
// item of the history and with the recommended one, and it shares a value of the kind with each of the two. Needs
// co-purchases in the graph; a model's network may also reach further than one item.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (v:User {id: $user})-[:INTERACTED]->(j:Item)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user})
WHERE r.item = $item AND r.run = chosen AND e.ground = 'history' AND e.via STARTS WITH 'neighbours:'
MATCH (j)-[:CO_PURCHASED]-(x:Item)-[:CO_PURCHASED]-(i:Item {id: $item})
WHERE x.id <> j.id AND x.id <> i.id
MATCH (j)-[:HAS_ATTRIBUTE]->(a:Attribute)<-[:HAS_ATTRIBUTE]-(x)
WHERE e.via = 'neighbours:' + a.kind
MATCH (x)-[:HAS_ATTRIBUTE]->(b:Attribute)<-[:HAS_ATTRIBUTE]-(i)
WHERE b.kind = a.kind
RETURN DISTINCT j.id AS id, j.name AS name, x.id AS between, x.name AS between_name, a.kind AS kind,
       a.value AS shared_with_history, b.value AS shared_with_item, e.weight AS weight, e.share AS share, e.rank AS rank
ORDER BY rank < 0, abs(rank), id, between, shared_with_history, shared_with_item
LIMIT 200
