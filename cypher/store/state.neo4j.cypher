// Which data and which complete runs are here, and whether somebody writes
// Two readings that are equal stand for one state: every write that readers can see changes one of these properties.
OPTIONAL MATCH (d:Dataset)
WITH d
ORDER BY d.id
WITH collect([d.id, d.status, d.fingerprint, d.loaded, d.generation]) AS datasets
OPTIONAL MATCH (r:Run)
WHERE r.status <> 'writing'
WITH datasets, r
ORDER BY r.id
WITH datasets, collect([r.id, r.status, r.current, r.effects, r.measured]) AS runs
OPTIONAL MATCH (l:StoreLock {id: 'writer'})
RETURN datasets, runs, l.owner AS owner, l.host AS host, l.process AS process, l.until - timestamp() AS left
