// Draw: why was this user's list recommended, through the user's history?
// Paths to draw: the strongest supporting reasons of each recommendation in the list.
// $user: id of the user
// $strongest: how many reasons of each recommendation
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH p = (v:User {id: $user})-[:INTERACTED]->(j:Item)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user})
WHERE r.run = chosen AND e.rank >= 1 AND e.rank <= $strongest
MATCH q = (r)-[:SUGGESTS]->(i:Item)
RETURN p, q
ORDER BY r.rank, e.rank
LIMIT 100
