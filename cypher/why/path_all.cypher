// Draw: why was this item recommended?
// Paths to draw, of every ground: the reasons, and for each the item of the history through which it reaches the user.
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
RETURN p, q, s, t
ORDER BY e.rank < 0, abs(e.rank)
LIMIT 25
