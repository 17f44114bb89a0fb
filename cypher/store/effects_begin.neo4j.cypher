// Begin to write measured effects of a run: what is left of them is cleared away if nobody finishes
// $run: id of the run
MATCH (r:Run {id: $run, status: 'complete'})
SET r.effects = 'staging'
RETURN r.id AS run
