// Why, through entities?
// One row per entity that speaks for the item or against it: the item of the history and the shortest way from it in the
// knowledge graph. Its weight and share over all that it came through.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(x:Entity)
WHERE r.item = $item AND r.run = chosen
WITH x, e.anchor AS anchor, coalesce(max(e.net), sum(e.weight)) AS net, sum(e.share) AS share,
     max(e.effect) AS effect, max(e.held_effect) AS held_effect
MATCH (j:Item {id: anchor})
MATCH h = shortestPath((j)-[:HAS_ENTITY|RELATED_TO*1..3]-(x))
RETURN x.id AS id, x.name AS name, x.kind AS kind, net, share, effect, held_effect, anchor, j.name AS anchor_name,
       length(h) AS hops, [n IN nodes(h) | n.name] AS way
ORDER BY net <= 0, abs(net) DESC, id
LIMIT 200
