// Recommendations that do not end where they say
// Zero rows on a good database: each recommendation is received by its user, suggests its item and comes from its run,
// once each.
// $run: id of the run
MATCH (r:Recommendation)
WHERE r.run = $run
OPTIONAL MATCH (u:User)-[:RECEIVED]->(r)
WITH r, count(u) AS users, min(u.id) AS user
OPTIONAL MATCH (r)-[:SUGGESTS]->(i:Item)
WITH r, users, user, count(i) AS items, min(i.id) AS item
OPTIONAL MATCH (r)-[:FROM_RUN]->(run:Run)
WITH r, users, user, items, item, count(run) AS runs, min(run.id) AS run
WHERE users <> 1 OR items <> 1 OR runs <> 1 OR user <> r.user OR item <> r.item OR run <> r.run
RETURN r.id AS recommendation, user, item, run
ORDER BY recommendation
LIMIT 1000
