// Why, through this kind of thing?
// Of each item group that sums up the recommendation, the items of the user's history that speak through it: how much
// each weighs, how much it belongs to the group and how many people took it; beside how much the group weighs, stored
// reasons or not, and how much the recommended item belongs to it. why/known_things has what else is of the group.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[s:EXPLAINS]-(f:Factor)
WHERE r.run = chosen AND r.item = $item AND s.method = 'item_group'
MATCH (r)-[:SUGGESTS]->(i:Item)
OPTIONAL MATCH (i)-[c:BELONGS_TO]->(f)
MATCH (j:Item)-[e:EXPLAINS]->(r)
WHERE e.via = 'factor:' + f.id
OPTIONAL MATCH (j)-[b:BELONGS_TO]->(f)
RETURN s.rank AS rank, f.id AS item_group, f.name AS group_name, s.weight AS group_weight, s.share AS group_share,
       c.weight AS item_belongs, j.id AS id, j.name AS name, e.weight AS weight, e.share AS share, b.weight AS belongs,
       COUNT { MATCH (:User)-[:INTERACTED]->(j) } AS people
ORDER BY rank < 0, abs(rank), abs(weight) DESC, id
LIMIT 200
