// After a batch of a part is written, in the same transaction: count it
// $part: id of the part
// $batch: number of the batch
MATCH (p:StoreLock {id: $part})
SET p.batch = $batch
