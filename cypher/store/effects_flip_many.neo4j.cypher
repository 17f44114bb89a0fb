// Staged effects take the place of the old ones, in transactions of bounded size
// $run: id of a run that is hidden meanwhile
MATCH (r:Recommendation {run: $run})
CALL {
  WITH r
  MATCH (r)<-[e:EXPLAINS]-()
  WHERE e.effect_staged IS NOT NULL
  SET e.effect = e.effect_staged
  REMOVE e.effect_staged
} IN TRANSACTIONS OF 2000 ROWS
