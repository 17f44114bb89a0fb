// Remove the node of a person whose relationships of graphrec's are gone
// Relationships that somebody else hung on the person go with it, and are counted; what is at their other ends stays.
// $user: id of the person
MATCH (u:User {id: $user})
WITH u, COUNT { (u)--() } AS others
DETACH DELETE u
RETURN count(*) AS removed, sum(others) AS others
