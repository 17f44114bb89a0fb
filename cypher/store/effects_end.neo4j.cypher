// The effects of a run are whole: it is seen again
// Its number of measurements grows, so that a reader who began before knows.
// $run: id of the run
MATCH (r:Run {id: $run})
SET r.status = 'complete', r.measured = coalesce(r.measured, 0) + 1
REMOVE r.effects
