// How much of a run was measured, and does it agree with what was claimed?
// One row: stored reasons, those with a measured effect, those that claim to support (weight above 0), and claims to
// support that measurement does not bear out.
// $run: id of the run
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run
RETURN count(e) AS reasons, count(e.effect) AS measured,
       sum(CASE WHEN e.weight > 0 THEN 1 ELSE 0 END) AS claims,
       sum(CASE WHEN e.weight > 0 AND e.effect <= 0 THEN 1 ELSE 0 END) AS contradicted
LIMIT 1
