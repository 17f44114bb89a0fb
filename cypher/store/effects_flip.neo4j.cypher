// Staged effects take the place of the old ones, all in the transaction that this runs in
// $run: id of the run
MATCH (r:Recommendation {run: $run})<-[e:EXPLAINS]-()
WHERE e.effect_staged IS NOT NULL
SET e.effect = e.effect_staged
REMOVE e.effect_staged
RETURN count(*) AS written
