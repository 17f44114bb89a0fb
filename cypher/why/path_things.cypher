// Draw: why, through this kind of thing
// Paths to draw: user, items of the history, their item group, recommendation, item; which the reasons through the group
// and its summary both explain. why/path_through_factors draws the reasons through factors of any kind.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH p = (f:Factor)-[s:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user}),
      q = (r)-[:SUGGESTS]->(i:Item)
WHERE r.run = chosen AND r.item = $item AND i.id = $item
  AND s.method = 'item_group'
MATCH t = (v:User {id: $user})-[:INTERACTED]->(j:Item)-[e:EXPLAINS]->(r)
WHERE e.via = 'factor:' + f.id
OPTIONAL MATCH b = (j)-[:BELONGS_TO]->(f)
OPTIONAL MATCH c = (i)-[:BELONGS_TO]->(f)
RETURN p, q, t, b, c
ORDER BY s.rank < 0, abs(s.rank), abs(e.weight) DESC
LIMIT 25
