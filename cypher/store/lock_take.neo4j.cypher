// Take the write lock, if it is free
// It is free where nobody holds it, where its lease ran out, or where its holder is known to be dead.
// $owner: who asks
// $host: the machine that asks
// $process: the process that asks, with its start time
// $lease: milliseconds until the lease runs out
// $dead: an owner that is known to be dead, or an empty text
MERGE (l:StoreLock {id: 'writer'})
SET l.asked = timestamp()
WITH l, l.owner IS NULL OR l.owner = $dead OR l.until < timestamp() AS free
FOREACH (_ IN CASE WHEN free THEN [1] ELSE [] END |
  SET l.owner = $owner, l.host = $host, l.process = $process, l.until = timestamp() + $lease)
RETURN l.owner AS owner, l.host AS host, l.process AS process, l.until - timestamp() AS left
