// What does this store hold? (relationships)
// Number of relationships by type and the labels that they connect.
MATCH (a)-[e]->(b)
RETURN labels(a)[0] AS source, type(e) AS type, labels(b)[0] AS target, count(e) AS relationships
ORDER BY type, source, target
LIMIT 100
