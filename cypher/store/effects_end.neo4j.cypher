// The effects of a run are whole: it is seen again
// $run: id of the run
MATCH (r:Run {id: $run})
SET r.status = 'complete'
REMOVE r.effects
