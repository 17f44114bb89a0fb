// Mark a data set, and its overlays, as being removed: nobody reads or loads it any more
// $ids: their ids
MATCH (d:Dataset)
WHERE d.id IN $ids
SET d.status = 'removing'
