// What rests mostly on this one item?
// Recommendations in which the item itself carries at least the given share of all evidence.
// $item: id of the item that explains
// $share: least share of the evidence, such as 0.5
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (j:Item {id: $item})-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = chosen AND e.share >= $share
RETURN r.user AS user, r.item AS item, r.name AS name, r.rank AS rank, e.share AS share, e.effect AS effect
ORDER BY e.share DESC, user, item
LIMIT 100
