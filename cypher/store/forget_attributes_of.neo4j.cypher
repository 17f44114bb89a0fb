// Attributes that only one person has: their values may tell who it was
// $user: id of the person
MATCH (:User {id: $user})-[:HAS_ATTRIBUTE]->(a:Attribute)
WHERE NOT EXISTS { MATCH (a)<-[:HAS_ATTRIBUTE]-(other) WHERE NOT (other:User AND other.id = $user) }
RETURN a.id AS attribute
