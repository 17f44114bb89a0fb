// Recommendations that do not end where they say
// Zero rows on a good database: each recommendation is received by its user, suggests its item and comes from its run,
// once each.
// $run: id of the run
MATCH (r:Recommendation)
WHERE r.run = $run
  AND (COUNT { MATCH (u:User)-[:RECEIVED]->(r) } <> 1
    OR COUNT { MATCH (r)-[:SUGGESTS]->(i:Item) } <> 1
    OR COUNT { MATCH (r)-[:FROM_RUN]->(run:Run) } <> 1
    OR NOT EXISTS { MATCH (u:User)-[:RECEIVED]->(r) WHERE u.id = r.user }
    OR NOT EXISTS { MATCH (r)-[:SUGGESTS]->(i:Item) WHERE i.id = r.item }
    OR NOT EXISTS { MATCH (r)-[:FROM_RUN]->(run:Run) WHERE run.id = r.run })
OPTIONAL MATCH (u:User)-[:RECEIVED]->(r)
WITH r, min(u.id) AS user
OPTIONAL MATCH (r)-[:SUGGESTS]->(i:Item)
WITH r, user, min(i.id) AS item
OPTIONAL MATCH (r)-[:FROM_RUN]->(run:Run)
WITH r, user, item, min(run.id) AS run
RETURN r.id AS recommendation, user, item, run
ORDER BY recommendation
LIMIT 1000
