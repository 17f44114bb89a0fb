// Why, through attributes?
// One row per attribute that speaks for the item: which item of the history carries it, or the user's own profile.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(a:Attribute)
WHERE r.item = $item AND r.run = chosen
OPTIONAL MATCH (j:Item {id: e.anchor})
RETURN a.owner AS owner, a.kind AS kind, a.value AS value, a.id AS id, e.ground AS ground,
       e.weight AS weight, e.share AS share, e.percent AS percent, e.rank AS rank, e.effect AS effect,
       e.anchor AS anchor, j.name AS anchor_name
ORDER BY e.rank < 0, abs(e.rank), a.id
LIMIT 200
