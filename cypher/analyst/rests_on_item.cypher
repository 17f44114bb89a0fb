// What rests mostly on this one item?
// Recommendations in which the item itself carries at least the given share of all evidence, over all that it came
// through.
// $item: id of the item that explains
// $share: least share of the evidence, such as 0.5
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (j:Item {id: $item})-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = chosen
WITH r, e.method AS method, sum(e.share) AS share, max(e.effect) AS effect
WHERE share >= $share
RETURN r.user AS user, r.item AS item, r.name AS name, r.rank AS rank, share, effect
ORDER BY share DESC, user, item
LIMIT 100
