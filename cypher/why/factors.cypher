// Why, through factors?
// One row per item of the history, entity or attribute that speaks for the item through a factor, with how much the evidence, the
// user and the recommended item belong to that factor; null where one does not. An effect belongs to the whole node,
// whatever factors it came through: why/item has it.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(x:Item|Entity|Attribute)
WHERE r.item = $item AND r.run = chosen
MATCH (f:Factor)
WHERE e.via = 'factor:' + f.id
OPTIONAL MATCH (j:Item {id: e.anchor})
OPTIONAL MATCH (x)-[b:BELONGS_TO]->(f)
OPTIONAL MATCH (v:User {id: $user})-[m:BELONGS_TO]->(f)
OPTIONAL MATCH (i:Item {id: $item})-[c:BELONGS_TO]->(f)
RETURN f.id AS factor, f.name AS factor_name, x.id AS id, x.name AS name,
       e.weight AS weight, e.share AS share, e.percent AS percent, e.rank AS rank,
       e.anchor AS anchor, j.name AS anchor_name,
       b.weight AS evidence_belongs, m.weight AS user_belongs, c.weight AS item_belongs
ORDER BY e.rank < 0, abs(e.rank), e.method, x.id, f.id
LIMIT 200
