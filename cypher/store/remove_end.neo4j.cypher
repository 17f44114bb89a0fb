// A data set is gone: remove its record, and those of its overlays
// $ids: their ids
MATCH (d:Dataset)
WHERE d.id IN $ids
DELETE d
