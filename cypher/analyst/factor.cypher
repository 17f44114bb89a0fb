// What is this factor?
// Its name, and the items, entities, attributes and users that belong to it most, ten of each.
// $factor: id of the factor, such as analyst/factors gives
MATCH (x:Item)-[b:BELONGS_TO]->(f:Factor {id: $factor})
RETURN f.name AS factor, 'Item' AS label, x.id AS id, x.name AS name, b.weight AS weight
ORDER BY weight DESC, id
LIMIT 10
UNION ALL
MATCH (x:Entity)-[b:BELONGS_TO]->(f:Factor {id: $factor})
RETURN f.name AS factor, 'Entity' AS label, x.id AS id, x.name AS name, b.weight AS weight
ORDER BY weight DESC, id
LIMIT 10
UNION ALL
MATCH (x:Attribute)-[b:BELONGS_TO]->(f:Factor {id: $factor})
RETURN f.name AS factor, 'Attribute' AS label, x.id AS id, x.name AS name, b.weight AS weight
ORDER BY weight DESC, id
LIMIT 10
UNION ALL
MATCH (x:User)-[b:BELONGS_TO]->(f:Factor {id: $factor})
RETURN f.name AS factor, 'User' AS label, x.id AS id, x.name AS name, b.weight AS weight
ORDER BY weight DESC, id
LIMIT 10
