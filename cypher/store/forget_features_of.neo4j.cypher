// Features that only one person mentions: their words may tell who it was
// One that a stored recommendation to somebody else gives as a reason stays as long as that run does.
// $user: id of the person
MATCH (:User {id: $user})-[:MENTIONED]->(f:Feature)
WHERE NOT EXISTS { MATCH (f)<-[:MENTIONED]-(other) WHERE NOT (other:User AND other.id = $user) }
  AND NOT EXISTS { MATCH (f)-[:EXPLAINS]->(r:Recommendation) WHERE r.user <> $user }
RETURN DISTINCT f.id AS feature
