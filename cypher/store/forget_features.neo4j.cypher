// Remove features that nobody mentions any more
// $features: their ids
UNWIND $features AS id
MATCH (f:Feature {id: id})
DETACH DELETE f
RETURN count(*) AS removed
