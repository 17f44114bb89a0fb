// Who is of the user clusters that sum up some recommendations of a user, and who of them took the item?
// One row per cluster and recommendation between two ranks, a page of rows at a time; counts as `why/people` has them.
// $user: id of the user
// $run: id of a complete run
// $first: rank of the first recommendation
// $last: rank of the last recommendation
// $skip: how many rows to pass over, 0 for the first page
MATCH (run:Run {id: $run})
WITH run.fit AS fit
OPTIONAL MATCH (w:User)-[:BELONGS_TO]->(c:Factor)
WHERE c.fit = fit AND c.kind = 'user_cluster' AND w.id <> $user
WITH fit, count(DISTINCT w) AS everybody
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)-[:SUGGESTS]->(i:Item)
WHERE r.run = $run AND r.rank >= $first AND r.rank <= $last
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
RETURN r.item AS item, f.id AS cluster, count(v) AS people, count(t) AS people_took, everybody, everybody_took
ORDER BY item, cluster
SKIP $skip
LIMIT 5000
