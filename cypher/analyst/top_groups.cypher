// Which groups explain most?
// Groups of inputs that were switched off together, from runs of the explainer groups: recommendations that name the
// group, how many members it has on average, and the mean of its joint effect. Joint effects of groups that share members
// must not be added up.
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = chosen AND e.set > 0 AND e.set_of IS NOT NULL
WITH r, e.set_of AS set_of, e.set_name AS set_name, count(e) AS members, max(e.joint_effect) AS joint_effect
RETURN set_of, set_name, count(joint_effect) AS recommendations, avg(members) AS mean_members,
       avg(joint_effect) AS mean_joint_effect
ORDER BY recommendations DESC, set_of
LIMIT 100
