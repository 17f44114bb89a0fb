// Why, through attributes?
// One row per attribute that speaks for the item or against it: which item of the history carries it, or the user's own
// profile. Its weight, share and rank over all that it came through.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(a:Attribute)
WHERE r.item = $item AND r.run = chosen
WITH a, e.ground AS ground, e.anchor AS anchor, coalesce(max(e.net), sum(e.weight)) AS net, sum(e.share) AS share,
     max(e.effect) AS effect, max(e.held_effect) AS held_effect
OPTIONAL MATCH (j:Item {id: anchor})
RETURN a.owner AS owner, a.kind AS kind, a.value AS value, a.id AS id, ground, net, share, effect, held_effect,
       anchor, j.name AS anchor_name
ORDER BY net <= 0, abs(net) DESC, id
LIMIT 200
