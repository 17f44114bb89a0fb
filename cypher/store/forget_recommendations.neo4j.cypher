// Remove what was recommended to a person, once nothing but the person hangs on it
// $user: id of the person
MATCH (:User {id: $user})-[:RECEIVED]->(r:Recommendation)
DETACH DELETE r
RETURN count(*) AS removed
