// After a batch is written, in the same transaction: count it
// $label: Dataset or Run
// $job: id of the data set or run that is being written
// $batch: number of the batch
// $parts: what is stored of the data set now: rows and hash of each part, as JSON; null where nobody counts
MATCH (job:Dataset|Run {id: $job})
WHERE $label IN labels(job)
SET job.batch = $batch, job.parts = $parts
