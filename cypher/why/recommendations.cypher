// What was recommended to this user?
// One row per recommendation of the user's list, best first.
// $user: id of the user
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)
WHERE r.run = chosen
RETURN r.rank AS rank, r.item AS item, r.name AS name, r.score AS score, r.rest AS rest,
       r.n_reasons AS n_reasons, r.counterfactual AS counterfactual, r.run AS run
ORDER BY r.rank, r.item
LIMIT 1000
