// What does this store hold? (relationships)
// Number of relationships by type and the labels that they connect.
MATCH (a)-[e]->(b)
RETURN label(a) AS source, label(e) AS type, label(b) AS target, count(e) AS relationships
ORDER BY type, source, target
LIMIT 100
