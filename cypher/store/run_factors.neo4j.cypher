// Factors of a run's fit
// $fit: id of the fit
MATCH (f:Factor {fit: $fit})
RETURN f.id AS id, f.name AS name, f.fit AS fit, f.kind AS kind, f.index AS index
ORDER BY index, id
