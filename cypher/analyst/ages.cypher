// How old are the parts of a run?
// A refreshed run takes over the lists of people whose data is as it was. One row for each time at which lists were
// computed, newest first.
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen, run.created AS created
MATCH (r:Recommendation)
WHERE r.run = chosen
RETURN chosen AS run, coalesce(r.computed, created) AS computed, count(DISTINCT r.user) AS lists,
       count(r) AS recommendations
ORDER BY computed DESC, run
LIMIT 100
