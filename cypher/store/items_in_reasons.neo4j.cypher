// Which items reasons name beside their evidence: through which they reach the user, or which would overtake
// $ids: ids of items
MATCH (:Recommendation)<-[e:EXPLAINS]-()
WHERE e.anchor IN $ids OR e.contrast IN $ids
UNWIND [e.anchor, e.contrast] AS id
WITH DISTINCT id
WHERE id IN $ids
RETURN id
