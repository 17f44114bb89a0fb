// Nodes whose measurements stand more than once
// Zero rows on a good database: what belongs to a node, its net weight and its effects, stands on one of its rows alone,
// so that sums and means over rows count each node once. Runs from before 0.3 repeat effects, and are not asked.
// $run: id of the run
MATCH (run:Run {id: $run})
WHERE run.additive IS NOT NULL AND run.additive <> ''
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = run.id
WITH r, x, e.method AS method, count(e.net) AS nets, count(e.effect) AS effects, count(e.held_effect) AS held
WHERE nets > 1 OR effects > 1 OR held > 1
RETURN r.user AS user, r.item AS item, x.id AS evidence, method, nets, effects, held
ORDER BY user, item, evidence, method
LIMIT 1000
