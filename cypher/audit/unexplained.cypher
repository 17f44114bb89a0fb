// Recommendations without a reason
// Recommendations that have no stored reason (a summary by itself is none), but for those that say that there is no counterfactual to store.
// $run: id of the run
MATCH (r:Recommendation)
WHERE r.run = $run AND coalesce(r.counterfactual, '') <> 'none' AND NOT EXISTS { MATCH (x)-[e:EXPLAINS]->(r) WHERE NOT e.method IN ['item_group', 'user_cluster'] }
RETURN r.user AS user, r.item AS item, r.rank AS rank
ORDER BY user, item
LIMIT 1000
