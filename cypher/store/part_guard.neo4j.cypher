// Before a batch of a part of a run is written: is the part still ours, and which batch was the last one written
// Touching the part makes who takes it over wait until this transaction is through.
// $owner: who holds the write lock
// $part: id of the part
OPTIONAL MATCH (p:StoreLock {id: $part, owner: $owner})
SET p.asked = timestamp()
RETURN p IS NOT NULL AS owned, p.batch AS batch
