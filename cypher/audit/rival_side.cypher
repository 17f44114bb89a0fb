// Reasons of ground rival_side that are not real
// Zero rows on a good database: the feature hangs on the rival that the reason names as its contrast: it is in the rival's
// profile, or in a review of it.
// $run: id of the run
MATCH (x:Feature)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run AND e.ground = 'rival_side'
  AND NOT EXISTS { MATCH (i:Item)-[:MENTIONED]->(x) WHERE i.id = e.contrast }
  AND NOT EXISTS { MATCH (v:User)-[m:MENTIONED]->(x) WHERE m.item = e.contrast }
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.contrast AS contrast
ORDER BY user, item, evidence
LIMIT 1000
