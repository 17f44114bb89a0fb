// Remove the parts of runs that are written or removed
// $runs: ids of the runs
MATCH (p:StoreLock)
WHERE p.run IN $runs
DELETE p
