// Remove the node of a run that nothing hangs on any more
// $run: id of the run
MATCH (r:Run {id: $run})
DELETE r
