// Claims that measurement does not bear out
// Nodes that are claimed to support (their weight over all that they came through, net, is above 0) but that measurement
// finds to add nothing. Measured with denominators and lengths held where the model normalises: there the plain effect
// says more or less than the other inputs, and is no contradiction. Runs from before 0.3 have the plain effect alone.
// Asked only of runs whose weights are in units of the score. Only nodes with a measurement that is not above 0 can be
// among them, so that the others are not gathered.
// $run: id of the run
MATCH (x)-[m:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run AND EXISTS { MATCH (run:Run) WHERE run.id = $run AND run.weight_unit = 'score' }
  AND (m.effect <= 0 OR m.held_effect <= 0)
WITH DISTINCT r, x, m.method AS method
MATCH (x)-[e:EXPLAINS]->(r)
WHERE e.method = method
WITH r, x, method, min(e.anchor) AS anchor, coalesce(max(e.net), sum(e.weight)) AS net,
     coalesce(max(e.held_effect), max(e.effect)) AS effect
WHERE net > 0 AND effect <= 0
RETURN r.user AS user, r.item AS item, x.id AS evidence, anchor, net, effect
ORDER BY user, item, evidence
LIMIT 1000
