// Renew the lease of the write lock
// $owner: who holds it
// $lease: milliseconds until the lease runs out
MATCH (l:StoreLock {id: 'writer', owner: $owner})
SET l.until = timestamp() + $lease
RETURN l.owner AS owner
