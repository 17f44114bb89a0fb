// Which recommendations does a user have in a run?
// One row per recommendation, best first; a page of them at a time. `why/recommendations` asks the same up to its LIMIT.
// $user: id of the user
// $run: id of a complete run
// $skip: how many rows to pass over, 0 for the first page
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)
WHERE r.run = $run
RETURN r.rank AS rank, r.item AS item, r.name AS name, r.score AS score, r.rest AS rest, r.n_reasons AS n_reasons,
       r.counterfactual AS counterfactual
ORDER BY r.rank, r.item
SKIP $skip
LIMIT 1000
