// Why not the other one?
// One row per member of the smallest set of changes after which another item overtakes: which rival, what changes, from how
// much to how much. Of an input that is on or off, from and to are null: it is switched off. Without rows, none was found
// or the run did not look for any: why/recommendations says which.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(x)
WHERE r.item = $item AND r.run = chosen AND e.flips
MATCH (c:Item)
WHERE c.id = e.contrast
RETURN c.id AS contrast, c.name AS contrast_name, x.id AS id, x.name AS name, e.delta AS delta,
       e.amount AS amount_from, e.amount + e.delta AS amount_to, e.share AS share, e.joint_effect AS joint_effect,
       e.ground AS ground, e.method AS method
ORDER BY method, share DESC, id
LIMIT 200
