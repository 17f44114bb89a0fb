// Why, through what stands together in other histories?
// One row per item of the history that others have together with the recommended one, and source. Its weight and share
// over all that it came through.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (j:Item)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user})
WHERE r.item = $item AND r.run = chosen
WITH j, coalesce(max(e.net), sum(e.weight)) AS net, sum(e.share) AS share, max(e.effect) AS effect,
     max(e.held_effect) AS held_effect
MATCH (i:Item {id: $item})-[c:CO_PURCHASED]-(j)
RETURN j.id AS id, j.name AS name, c.count AS together, c.source AS source, net, share, effect, held_effect
ORDER BY net <= 0, abs(net) DESC, id, source
LIMIT 200
