// Who is this user?
// One row with the user's name; none if the store does not have the user.
// $user: id of the user
MATCH (u:User {id: $user})
RETURN u.id AS id, u.name AS name
LIMIT 1
