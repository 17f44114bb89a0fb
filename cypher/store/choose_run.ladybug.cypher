// Make one run the current one
// $current: id of the run; an empty text makes none current
MATCH (r:Run)
SET r.current = (r.id = $current)
