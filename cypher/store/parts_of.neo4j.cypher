// Parts of a run that is being written
// $run: id of the run
MATCH (p:StoreLock {run: $run})
RETURN p.id AS part
