// The Recommendation nodes of one user and run
// As nodes, for graphrec.ogm: best first.
// $user: id of the user
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)
WHERE r.run = chosen
RETURN r
ORDER BY r.rank, r.item
LIMIT 1000
