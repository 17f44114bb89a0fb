// Who and what belongs to the factors of a run's fit
// $fit: id of the fit
MATCH (n:User|Item|Entity|Attribute|Factor)-[b:BELONGS_TO]->(f:Factor {fit: $fit})
RETURN [l IN labels(n) WHERE l IN ['User', 'Item', 'Attribute', 'Entity', 'Feature', 'Factor']][0] AS label, n.id AS id, f.id AS factor, b.weight AS weight
