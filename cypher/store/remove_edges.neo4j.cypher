// Remove the relationships of a data set's nodes, in transactions of bounded size
// $prefix: of the ids of its nodes
// $others: longer prefixes, of other data sets
MATCH (n:User|Item|Entity|Attribute|Feature)
WHERE n.id STARTS WITH $prefix AND none(other IN $others WHERE n.id STARTS WITH other)
MATCH (n)-[e]->()
CALL {
  WITH e
  DELETE e
} IN TRANSACTIONS OF 10000 ROWS
