// Reasons of ground mentioned that are not real
// Zero rows on a good database: the user spoke of the feature.
// $run: id of the run
MATCH (x:Feature)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User)
WHERE r.run = $run AND e.ground = 'mentioned'
  AND NOT EXISTS { MATCH (u)-[:MENTIONED]->(x) }
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.anchor AS anchor
ORDER BY user, item, evidence
LIMIT 1000
