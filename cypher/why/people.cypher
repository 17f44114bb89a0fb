// Why, through people like this user?
// One row per user cluster that sums up the recommendation: how much the user belongs to it; how many other people are of
// it, which is those who belong to no other cluster of the fit more; and how many of them took the item, beside everybody
// else whom the fit has in a cluster. Counted in the data as it is now; other people are never named.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen, run.fit AS fit
OPTIONAL MATCH (w:User)-[:BELONGS_TO]->(c:Factor)
WHERE c.fit = fit AND c.kind = 'user_cluster' AND w.id <> $user
WITH chosen, fit, count(DISTINCT w) AS everybody
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)-[:SUGGESTS]->(i:Item)
WHERE r.run = chosen AND r.item = $item
OPTIONAL MATCH (w:User)-[:INTERACTED]->(i)
WHERE w.id <> $user AND EXISTS { MATCH (w)-[:BELONGS_TO]->(c:Factor) WHERE c.fit = fit AND c.kind = 'user_cluster' }
WITH r, i, everybody, count(w) AS everybody_took
MATCH (f:Factor)-[e:EXPLAINS]->(r)
WHERE e.method = 'user_cluster'
OPTIONAL MATCH (v:User)-[b:BELONGS_TO]->(f)
WHERE v.id <> $user
  AND NOT EXISTS {
    MATCH (v)-[d:BELONGS_TO]->(g:Factor)
    WHERE g.fit = f.fit AND g.kind = 'user_cluster' AND d.weight > b.weight
  }
OPTIONAL MATCH (v)-[t:INTERACTED]->(i)
WITH f, e.weight AS belongs, e.rank AS rank, count(v) AS people, count(t) AS people_took, everybody, everybody_took
RETURN f.id AS cluster, f.name AS cluster_name, belongs, rank, people, people_took,
       CASE WHEN people > 0 THEN people_took * 1.0 / people ELSE NULL END AS share, everybody, everybody_took,
       CASE WHEN everybody > 0 THEN everybody_took * 1.0 / everybody ELSE NULL END AS share_of_everybody
ORDER BY rank, cluster
LIMIT 25
