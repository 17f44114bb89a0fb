// What else is this kind of thing?
// The best-known items of the item group that says most for the recommendation, by how many people took each; what the
// user took is left out. An item is of a group if half of it or more is.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[s:EXPLAINS]-(f:Factor)
WHERE r.run = chosen AND r.item = $item AND s.method = 'item_group' AND s.rank = 1
MATCH (k:Item)-[b:BELONGS_TO]->(f)
WHERE b.weight >= 0.5 AND NOT EXISTS { MATCH (u)-[:INTERACTED]->(k) }
RETURN f.id AS item_group, f.name AS group_name, k.id AS id, k.name AS name, b.weight AS belongs,
       COUNT { MATCH (:User)-[:INTERACTED]->(k) } AS people
ORDER BY people DESC, id
LIMIT 10
