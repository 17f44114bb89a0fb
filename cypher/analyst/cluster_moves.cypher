// Who moved between user clusters?
// Two fits number their clusters as they please. A cluster of the later fit continues the one of the earlier fit from which
// most of its people come; listed are its other people, with the cluster that they were of, the one that is continued, and
// the one that they are of now. Only people whom both fits have in a cluster; each is of the one that they belong to most.
// $run: id of the later of two complete runs, or '' for the current one
// $before: id of the earlier, or '' for the last one before it that has another fit with clusters
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.fit AS fit, coalesce(run.number, 0) AS number, coalesce(run.dataset, '') AS dataset
MATCH (old:Run)
WHERE old.status = 'complete' AND old.fit <> fit
  AND (old.id = $before
    OR ($before = '' AND coalesce(old.number, 0) < number AND coalesce(old.dataset, '') = dataset
        AND EXISTS { MATCH (x:Factor) WHERE x.fit = old.fit AND x.kind = 'user_cluster' }))
WITH fit, old.fit AS fit_before, coalesce(old.number, 0) AS place
ORDER BY place DESC
LIMIT 1
MATCH (v:User)-[m:BELONGS_TO]->(c:Factor)
WHERE c.fit = fit AND c.kind = 'user_cluster'
WITH fit, fit_before, v, max(m.weight) AS most
MATCH (v)-[b:BELONGS_TO]->(f:Factor)
WHERE f.fit = fit AND f.kind = 'user_cluster' AND b.weight = most
WITH fit_before, v, min(f.id) AS now
MATCH (v)-[n:BELONGS_TO]->(d:Factor)
WHERE d.fit = fit_before AND d.kind = 'user_cluster'
WITH fit_before, v, now, max(n.weight) AS top
MATCH (v)-[e:BELONGS_TO]->(g:Factor)
WHERE g.fit = fit_before AND g.kind = 'user_cluster' AND e.weight = top
WITH v, now, min(g.id) AS earlier
WITH now, earlier, count(v) AS people, collect(v.id) AS ids
WITH now, max(people) AS largest, collect({earlier: earlier, people: people, ids: ids}) AS parts
UNWIND parts AS part
WITH now, parts, min(CASE WHEN part.people = largest THEN part.earlier ELSE NULL END) AS continues
UNWIND parts AS part
WITH now, continues, part.earlier AS earlier, part.ids AS ids
WHERE earlier <> continues
MATCH (a:Factor {id: now})
WITH a, continues, earlier, ids
MATCH (k:Factor {id: continues})
WITH a, k, earlier, ids
MATCH (o:Factor {id: earlier})
UNWIND ids AS id
WITH a, k, o, id
MATCH (u:User {id: id})
RETURN u.id AS user, u.name AS name, o.id AS cluster_before, o.name AS name_before, k.id AS continued,
       k.name AS continued_name, a.id AS cluster, a.name AS cluster_name
ORDER BY cluster, cluster_before, user
LIMIT 1000
