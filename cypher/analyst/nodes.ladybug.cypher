// What does this store hold? (nodes)
// Number of nodes by label.
MATCH (n)
RETURN label(n) AS label, count(n) AS nodes
ORDER BY label
LIMIT 100
