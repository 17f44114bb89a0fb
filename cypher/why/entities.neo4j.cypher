// Why, through entities?
// One row per entity that speaks for the item: the item of the history and the shortest way from it in the knowledge graph.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(x:Entity)
WHERE r.item = $item AND r.run = chosen
MATCH (j:Item {id: e.anchor})
MATCH h = shortestPath((j)-[:HAS_ENTITY|RELATED_TO*1..3]-(x))
RETURN x.id AS id, x.name AS name, x.kind AS kind, e.weight AS weight, e.share AS share, e.percent AS percent,
       e.rank AS rank, e.effect AS effect, e.via AS via, e.anchor AS anchor, j.name AS anchor_name,
       length(h) AS hops, [n IN nodes(h) | n.name] AS way
ORDER BY e.rank < 0, abs(e.rank), x.id
LIMIT 200
