// Remove the nodes of a data set, in transactions of bounded size
// $prefix: of their ids
// $others: longer prefixes, of other data sets
MATCH (n:User|Item|Entity|Attribute|Feature)
WHERE n.id STARTS WITH $prefix AND none(other IN $others WHERE n.id STARTS WITH other)
CALL {
  WITH n
  DETACH DELETE n
} IN TRANSACTIONS OF 2000 ROWS
