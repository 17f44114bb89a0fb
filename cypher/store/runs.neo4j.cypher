// Complete runs, newest first
// By number, which a run gets when it is written, and not by the clock; runs from before 0.4 have none and come last.
// A run that is being written, or removed, is not among them.
MATCH (r:Run {status: 'complete'})
RETURN properties(r) AS row
ORDER BY coalesce(r.number, 0) DESC, r.created DESC, r.id DESC
