// Whether there is such a user
// $user: id of the user
OPTIONAL MATCH (u:User {id: $user})
RETURN u IS NOT NULL AS known
