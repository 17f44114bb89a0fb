// Complete runs, newest first
// A run that is being written, or removed, is not among them.
MATCH (r:Run {status: 'complete'})
RETURN properties(r) AS row
ORDER BY r.created DESC, r.id DESC
