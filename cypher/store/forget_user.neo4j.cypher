// Remove the node of a person whose relationships are gone
// $user: id of the person
MATCH (u:User {id: $user})
DELETE u
RETURN count(*) AS removed
