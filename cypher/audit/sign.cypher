// Ranks on the wrong side
// Zero rows on a good database: where the run's weights are in units of the score, a reason with a positive rank
// weighs more than 0 and one with a negative rank less. Reasons in sets are ranked by their set.
// $run: id of the run
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run AND EXISTS { MATCH (run:Run) WHERE run.id = $run AND run.weight_unit = 'score' }
  AND e.set = 0 AND e.rank * e.weight <= 0
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.rank AS rank, e.weight AS weight
ORDER BY user, item, evidence
LIMIT 1000
