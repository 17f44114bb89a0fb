// Remove the reasons of a run, in transactions of bounded size
// $run: id of the run
MATCH (r:Recommendation {run: $run})
CALL {
  WITH r
  MATCH (r)<-[e:EXPLAINS]-()
  DELETE e
} IN TRANSACTIONS OF 2000 ROWS
