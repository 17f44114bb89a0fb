// Draw: why was this item recommended?
// Paths to draw, of every ground: the reasons, and for each the item of the history through which it reaches the user.
// Of an item of the history that came through attribute:KIND, the values that it shares with the recommended item, too; of
// a factor, such as an item group or a user cluster, that the user belongs to it.
// $user: id of the user
// $item: id of the recommended item
// $strongest: draw reasons of this rank and better, opposing ones counted apart
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH p = (x)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user}),
      q = (r)-[:SUGGESTS]->(i:Item)
WHERE r.run = chosen AND r.item = $item AND i.id = $item AND abs(e.rank) <= $strongest
OPTIONAL MATCH s = (v:User {id: $user})-[:INTERACTED]->(j:Item)
WHERE j.id = coalesce(e.anchor, x.id)
OPTIONAL MATCH t = (j)-[:HAS_ATTRIBUTE|HAS_ENTITY]->(x)
OPTIONAL MATCH w = (j)-[:HAS_ATTRIBUTE]->(a:Attribute)<-[:HAS_ATTRIBUTE]-(i)
WHERE e.ground = 'history' AND e.via = 'attribute:' + a.kind
OPTIONAL MATCH b = (u)-[:BELONGS_TO]->(f:Factor)
WHERE e.ground = 'factor' AND f.id = x.id
RETURN p, q, s, t, w, b
ORDER BY e.rank < 0, abs(e.rank), a.id
LIMIT 100
