// All batches of a part are written
// $owner: who holds the write lock
// $part: id of the part
// $written: what they hold, as JSON
MATCH (p:StoreLock {id: $part, owner: $owner})
SET p.written = $written
RETURN p.id AS part
