// Which user clusters has the fit found?
// How many people are of each, which is those who belong to no other more; how much they belong to it on average, and the
// item group that they take most of.
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.fit AS fit
MATCH (v:User)-[m:BELONGS_TO]->(c:Factor)
WHERE c.fit = fit AND c.kind = 'user_cluster'
WITH fit, v, max(m.weight) AS most
MATCH (v)-[b:BELONGS_TO]->(f:Factor)
WHERE f.fit = fit AND f.kind = 'user_cluster' AND b.weight = most
WITH fit, f, count(v) AS people, avg(most) AS belongs
OPTIONAL MATCH (g:Factor)-[l:BELONGS_TO]->(f)
WHERE g.kind = 'item_group'
  AND NOT EXISTS { MATCH (h:Factor)-[k:BELONGS_TO]->(f) WHERE k.weight > l.weight OR (k.weight = l.weight AND h.id < g.id) }
RETURN f.id AS id, f.name AS name, people, belongs, g.name AS takes_most_of, l.weight AS part
ORDER BY people DESC, id
LIMIT 200
