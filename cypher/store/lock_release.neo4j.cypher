// Give the write lock back
// $owner: who holds it
MATCH (l:StoreLock {id: 'writer', owner: $owner})
DELETE l
