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
OPTIONAL MATCH (x)-[:HAS_ENTITY|RELATED_TO]-(j:Item)
WHERE j.id = anchor
WITH x, net, share, effect, held_effect, anchor, count(j) AS direct
OPTIONAL MATCH (x)-[:HAS_ENTITY|RELATED_TO]-(m:Item|Entity)-[:HAS_ENTITY|RELATED_TO]-(j:Item)
WHERE j.id = anchor AND direct = 0
WITH x, net, share, effect, held_effect, anchor, direct, count(m) AS over_one, collect([m.name]) AS second
OPTIONAL MATCH (x)-[:HAS_ENTITY|RELATED_TO]-(n:Item|Entity)-[:HAS_ENTITY|RELATED_TO]-(m:Item|Entity)-[:HAS_ENTITY|RELATED_TO]-(j:Item)
WHERE j.id = anchor AND direct = 0 AND over_one = 0
WITH x, net, share, effect, held_effect, anchor, direct, over_one, second, count(n) AS over_two, collect([m.name, n.name]) AS third
WITH x, net, share, effect, held_effect, anchor, CASE WHEN over_one > 0 THEN second[1] ELSE third[1] END AS between,
     CASE WHEN direct > 0 THEN 1 WHEN over_one > 0 THEN 2 WHEN over_two > 0 THEN 3 ELSE 0 END AS hops
MATCH (j:Item {id: anchor})
WHERE hops > 0
RETURN x.id AS id, x.name AS name, x.kind AS kind, net, share, effect, held_effect, anchor, j.name AS anchor_name,
       hops, CASE WHEN hops = 1 THEN [j.name, x.name] ELSE list_append(list_concat([j.name], between), x.name) END AS way
ORDER BY net <= 0, abs(net) DESC, id
LIMIT 200
