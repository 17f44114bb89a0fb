// Why, through what stands together in other histories?
// One row per reason that is an item of the history that others have together with the recommended one.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (i:Item {id: $item})-[c:CO_PURCHASED]-(j:Item)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user})
WHERE r.item = $item AND r.run = chosen
RETURN j.id AS id, j.name AS name, c.count AS together, c.source AS source,
       e.weight AS weight, e.share AS share, e.percent AS percent, e.rank AS rank, e.effect AS effect
ORDER BY e.rank < 0, abs(e.rank), j.id, c.source
LIMIT 200
