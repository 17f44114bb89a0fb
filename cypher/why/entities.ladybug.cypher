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
WITH x, e, e.anchor AS anchor
OPTIONAL MATCH (x)-[:HAS_ENTITY|RELATED_TO]-(j:Item)
WHERE j.id = anchor
WITH x, e, anchor, count(j) AS direct
OPTIONAL MATCH (x)-[:HAS_ENTITY|RELATED_TO]-(m:Item|Entity)-[:HAS_ENTITY|RELATED_TO]-(j:Item)
WHERE j.id = anchor AND direct = 0
WITH x, e, anchor, direct, count(m) AS over_one, collect([m.name]) AS second
OPTIONAL MATCH (x)-[:HAS_ENTITY|RELATED_TO]-(n:Item|Entity)-[:HAS_ENTITY|RELATED_TO]-(m:Item|Entity)-[:HAS_ENTITY|RELATED_TO]-(j:Item)
WHERE j.id = anchor AND direct = 0 AND over_one = 0
WITH x, e, anchor, direct, over_one, second, count(n) AS over_two, collect([m.name, n.name]) AS third
WITH x, e, anchor, CASE WHEN over_one > 0 THEN second[1] ELSE third[1] END AS between,
     CASE WHEN direct > 0 THEN 1 WHEN over_one > 0 THEN 2 WHEN over_two > 0 THEN 3 ELSE 0 END AS hops
MATCH (j:Item {id: anchor})
WHERE hops > 0
RETURN x.id AS id, x.name AS name, x.kind AS kind, e.weight AS weight, e.share AS share, e.percent AS percent,
       e.rank AS rank, e.effect AS effect, e.via AS via, anchor, j.name AS anchor_name, hops,
       CASE WHEN hops = 1 THEN [j.name, x.name] ELSE list_append(list_concat([j.name], between), x.name) END AS way
ORDER BY e.rank < 0, abs(e.rank), x.id
LIMIT 200
