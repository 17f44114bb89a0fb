// How much of a run was measured, and does it agree with what was claimed?
// One row: stored reasons, the nodes that they name, those of them with a measured effect; of these, those that are
// claimed to support (net weight above 0), and claims to support that measurement does not bear out: with denominators
// and lengths held where the model normalises. Members of sets count together, and claim nothing by themselves, nor do
// summaries by item groups and user clusters.
// $run: id of the run
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run AND NOT e.method IN ['item_group', 'user_cluster']
WITH r, x, e.method AS method, count(e) AS rows, max(e.effect) AS effect,
     coalesce(max(e.held_effect), max(e.effect)) AS added,
     CASE WHEN min(e.set) = 0 THEN coalesce(max(e.net), sum(e.weight)) ELSE 0.0 END AS net
RETURN sum(rows) AS reasons, count(rows) AS nodes, count(effect) AS measured,
       sum(CASE WHEN net > 0 AND effect IS NOT NULL THEN 1 ELSE 0 END) AS claims,
       sum(CASE WHEN net > 0 AND effect IS NOT NULL AND added <= 0 THEN 1 ELSE 0 END) AS contradicted
LIMIT 1
