// Remove the recommendations of a run, in transactions of bounded size
// $run: id of the run
MATCH (r:Recommendation {run: $run})
CALL {
  WITH r
  DETACH DELETE r
} IN TRANSACTIONS OF 5000 ROWS
