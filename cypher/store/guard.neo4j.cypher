// Before a batch is written: is the lock still ours, which batch was the last one written, and what is stored by then
// Touching the lock makes a writer that took it over wait until this transaction is through.
// $owner: who holds the lock
// $label: Dataset or Run
// $job: id of the data set or run that is being written
OPTIONAL MATCH (l:StoreLock {id: 'writer', owner: $owner})
SET l.asked = timestamp()
WITH l IS NOT NULL AS owned
OPTIONAL MATCH (job:Dataset|Run {id: $job})
WHERE $label IN labels(job)
RETURN owned, job.batch AS batch, job.parts AS parts
