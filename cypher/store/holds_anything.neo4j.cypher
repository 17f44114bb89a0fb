// Whether there is any node beside the write lock
// $lock: the label of the write lock
OPTIONAL MATCH (n)
WHERE NOT $lock IN labels(n)
WITH n
LIMIT 1
RETURN n IS NOT NULL AS holds
