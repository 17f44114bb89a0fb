// Reasons of ground history that are not real
// Zero rows on a good database: the user took the item that is given as a reason.
// $run: id of the run
MATCH (x:Item)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User)
WHERE r.run = $run AND e.ground = 'history'
  AND NOT EXISTS { MATCH (u)-[:INTERACTED]->(x) }
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.anchor AS anchor
ORDER BY user, item, evidence
LIMIT 1000
