// Whether any data is stored beside the data sets' own nodes
OPTIONAL MATCH (n:User|Item|Entity|Attribute|Feature)
WITH n
LIMIT 1
RETURN n IS NOT NULL AS holds
