// What the store holds
// Every data set, also one whose load is under way, the base data sets first.
MATCH (d:Dataset)
RETURN properties(d) AS row
ORDER BY coalesce(d.base, '') <> '', d.loaded, d.id
