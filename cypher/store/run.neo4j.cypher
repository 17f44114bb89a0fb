// One run, whatever its status
// $run: id of the run
MATCH (r:Run {id: $run})
RETURN properties(r) AS row
