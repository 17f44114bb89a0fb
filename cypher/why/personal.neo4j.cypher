// What is personal in the reasons for this item?
// One row per node that is a reason: its share of the evidence for this user, over all that it came through; the mean of
// that share over everybody to whom the run recommends the item, 0 where it is no stored reason; and the difference,
// personal. Near 0: it says as much about anybody who was recommended the item. Members of sets are left out.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (:Item {id: $item})<-[:SUGGESTS]-(s:Recommendation)
WHERE s.run = chosen
WITH chosen, count(s) AS people
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(x)
WHERE r.item = $item AND r.run = chosen AND e.set = 0
WITH chosen, people, x, e.method AS method, coalesce(max(e.net), sum(e.weight)) AS net, sum(e.share) AS share
MATCH (x)-[f:EXPLAINS]->(t:Recommendation)
WHERE t.run = chosen AND t.item = $item AND f.method = method AND f.set = 0
WITH people, x, method, net, share, sum(f.share) AS total
RETURN [l IN labels(x) WHERE l IN ['User', 'Item', 'Attribute', 'Entity', 'Feature', 'Factor']][0] AS label, x.id AS id, x.name AS name, method, net, share, total / people AS mean_share,
       share - total / people AS personal, people
ORDER BY personal DESC, label, id, method
LIMIT 200
