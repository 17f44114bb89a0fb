// How much of the evidence comes through each factor?
// Stored reasons through the factor, or the factor itself; share is the part of all evidence of the run's explained
// recommendations, 0 to 1, opposing evidence counted as well; mean_weight is of the rows. An effect is measured of a
// whole node, whatever factors it came through, so that no factor has one. Summaries by item groups and user clusters are
// left out: they repeat the reasons through them.
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (s:Recommendation)
WHERE s.run = chosen AND s.n_reasons > 0
WITH chosen, count(s) AS recommendations
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = chosen AND NOT e.method IN ['item_group', 'user_cluster']
WITH recommendations, CASE WHEN e.ground = 'factor' AND e.via = 'self' THEN 'factor:' + x.id ELSE e.via END AS via,
     e.method AS method, count(e) AS reasons, count(DISTINCT r.user) AS users, sum(abs(e.share)) AS shares,
     avg(e.weight) AS mean_weight
MATCH (f:Factor)
WHERE via = 'factor:' + f.id
RETURN f.id AS id, f.name AS name, method, reasons, users, shares / recommendations AS share, mean_weight
ORDER BY share DESC, id, method
LIMIT 100
