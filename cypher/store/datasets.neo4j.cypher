// What the store holds
// Every data set, also one whose load or removal is under way.
MATCH (d:Dataset)
RETURN properties(d) AS row
ORDER BY d.id
