// Take over the parts of a run, or make them; what was counted of them stays
// $owner: who holds the write lock
// $run: id of the run
// $parts: ids of the parts
UNWIND $parts AS part
MERGE (p:StoreLock {id: part})
SET p.owner = $owner, p.run = $run
RETURN p.id AS part, p.written AS written
