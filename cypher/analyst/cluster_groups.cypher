// Which item groups do user clusters like?
// What part of all that a cluster's people took is of each group, the mean of that part over all clusters of the fit, and
// how many times as much it is. Of every cluster, the groups that it takes more of than clusters do on average.
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.fit AS fit
MATCH (c:Factor)
WHERE c.fit = fit AND c.kind = 'user_cluster'
WITH fit, count(c) AS clusters
MATCH (g:Factor)-[b:BELONGS_TO]->(d:Factor)
WHERE g.fit = fit AND g.kind = 'item_group' AND d.kind = 'user_cluster'
WITH clusters, g, sum(b.weight) / clusters AS mean_part
MATCH (g)-[l:BELONGS_TO]->(f:Factor)
WHERE l.weight > mean_part
RETURN f.id AS cluster, f.name AS cluster_name, g.id AS item_group, g.name AS group_name, l.weight AS part, mean_part,
       l.weight / mean_part AS lift
ORDER BY cluster, lift DESC, item_group
LIMIT 1000
