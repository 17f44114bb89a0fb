// Take the parts of runs from who wrote them before: what they write from now on is refused
// It waits for the transactions in which parts are being written.
// $owner: who holds the write lock
MATCH (p:StoreLock)
WHERE p.run IS NOT NULL
SET p.owner = $owner
