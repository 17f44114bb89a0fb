// A node whose id would belong to a data set that is to be loaded
// $prefix: of the ids of that data set
// $others: longer prefixes, of data sets that are here
MATCH (n:User|Item|Entity|Attribute|Feature)
WHERE n.id STARTS WITH $prefix AND none(other IN $others WHERE n.id STARTS WITH other)
RETURN n.id AS id
LIMIT 1
