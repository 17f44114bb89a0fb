// Nodes whose measurements stand more than once
// Zero rows on a good database: what belongs to a node, its net weight and its effects, stands on one of its rows alone,
// so that sums and means over rows count each node once. Runs from before 0.3 repeat effects, and are not asked.
// $run: id of the run
MATCH (y)-[e:EXPLAINS]->(q:Recommendation)
WHERE q.run = $run AND EXISTS { MATCH (run:Run) WHERE run.id = $run AND run.additive <> '' }
WITH id(q) AS recommendation, id(y) AS node, e.method AS method, count(e.net) AS nets, count(e.effect) AS effects, count(e.held_effect) AS held
WHERE nets > 1 OR effects > 1 OR held > 1
MATCH (x)-[:EXPLAINS]->(r:Recommendation)
WHERE id(r) = recommendation AND id(x) = node
RETURN DISTINCT r.user AS user, r.item AS item, x.id AS evidence, method, nets, effects, held
ORDER BY user, item, evidence, method
LIMIT 1000
