// Hide a run while its effects change, since there are too many for one transaction
// All new effects are staged by now: whoever writes next can finish this.
// $run: id of the run
MATCH (r:Run {id: $run})
SET r.status = 'measuring', r.effects = 'flipping'
