// Claims that measurement does not bear out
// Reasons that claim to support (weight above 0) but whose measured effect is not positive. This can be
// honest: where a model averages, taking away a reason weaker than average raises the score. Asked only of runs whose
// weights are in units of the score.
// $run: id of the run
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run AND EXISTS { MATCH (run:Run) WHERE run.id = $run AND run.weight_unit = 'score' }
  AND e.weight > 0 AND e.effect <= 0
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.anchor AS anchor, e.weight AS weight, e.effect AS effect
ORDER BY user, item, evidence
LIMIT 1000
