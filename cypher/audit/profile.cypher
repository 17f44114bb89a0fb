// Reasons of ground profile that are not real
// Zero rows on a good database: the attribute stands in the user's own profile.
// $run: id of the run
MATCH (x:Attribute)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User)
WHERE r.run = $run AND e.ground = 'profile'
  AND NOT EXISTS { MATCH (u)-[:HAS_ATTRIBUTE]->(x) }
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.anchor AS anchor
ORDER BY user, item, evidence
LIMIT 1000
