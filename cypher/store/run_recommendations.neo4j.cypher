// What a run recommends to some users, as stored
// $run: id of the run
// $users: ids of the users
UNWIND $users AS id
MATCH (:User {id: id})-[:RECEIVED]->(r:Recommendation {run: $run})
WITH id, r
ORDER BY id, r.rank
RETURN r.user AS user, r.item AS item, r.name AS name, r.score AS score, r.rank AS rank, r.rest AS rest,
  r.n_reasons AS n_reasons, r.counterfactual AS counterfactual,
  r.computed AS computed, r.basis AS basis
