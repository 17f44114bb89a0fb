// Remove attributes that nobody has any more
// $attributes: their ids
UNWIND $attributes AS id
MATCH (a:Attribute {id: id})
DETACH DELETE a
RETURN count(*) AS removed
