// Recommendations whose number of reasons is not what they say
// Zero rows on a good database: n_reasons is the number of stored reasons; summaries by item groups and user clusters are
// not counted.
// $run: id of the run
MATCH (r:Recommendation)
WHERE r.run = $run
OPTIONAL MATCH (x)-[e:EXPLAINS]->(r)
WHERE NOT e.method IN ['item_group', 'user_cluster']
WITH r.user AS user, r.item AS item, r.n_reasons AS said, count(e) AS stored
WHERE said <> stored
RETURN user, item, said, stored
ORDER BY user, item
LIMIT 1000
