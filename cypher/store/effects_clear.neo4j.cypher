// Remove staged effects that nobody will finish, in transactions of bounded size
// $run: id of the run
MATCH (r:Recommendation {run: $run})
CALL {
  WITH r
  MATCH (r)<-[e:EXPLAINS]-()
  WHERE e.effect_staged IS NOT NULL
  REMOVE e.effect_staged
} IN TRANSACTIONS OF 2000 ROWS
