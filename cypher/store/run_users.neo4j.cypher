// Users that a run recommends something to
// $run: id of the run
MATCH (r:Recommendation {run: $run})
RETURN DISTINCT r.user AS user
ORDER BY user
