// Claims that measurement does not bear out
// Nodes that are claimed to support (their weight over all that they came through, net, is above 0) but whose measured
// effect is not positive. This can be honest: where a model averages, taking away a reason weaker than average raises
// the score. Asked only of runs whose weights are in units of the score.
// $run: id of the run
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run AND EXISTS { MATCH (run:Run) WHERE run.id = $run AND run.weight_unit = 'score' }
WITH r, x, e.method AS method, min(e.anchor) AS anchor, coalesce(max(e.net), sum(e.weight)) AS net, max(e.effect) AS effect
WHERE net > 0 AND effect <= 0
RETURN r.user AS user, r.item AS item, x.id AS evidence, anchor, net, effect
ORDER BY user, item, evidence
LIMIT 1000
