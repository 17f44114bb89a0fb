// Who are the people of this user cluster?
// Attributes of users that the cluster's people (who belong to no other cluster of the fit more) have more often than
// others: the part of them who have it, that of all others in a cluster, and the difference.
// $cluster: id of the cluster, such as analyst/clusters gives
MATCH (f:Factor {id: $cluster})
MATCH (v:User)-[m:BELONGS_TO]->(c:Factor)
WHERE c.fit = f.fit AND c.kind = 'user_cluster'
WITH f, v, max(m.weight) AS most
OPTIONAL MATCH (v)-[b:BELONGS_TO]->(f)
WITH f, count(v) AS everybody, sum(CASE WHEN b.weight >= most THEN 1 ELSE 0 END) AS people
MATCH (w:User)-[n:BELONGS_TO]->(d:Factor)
WHERE d.fit = f.fit AND d.kind = 'user_cluster'
WITH f, people, everybody - people AS others, w, max(n.weight) AS top
OPTIONAL MATCH (w)-[e:BELONGS_TO]->(f)
WITH people, others, w, CASE WHEN e.weight >= top THEN 1 ELSE 0 END AS is_of
MATCH (w)-[:HAS_ATTRIBUTE]->(a:Attribute)
WITH people, others, a, sum(is_of) AS have, sum(1 - is_of) AS others_have
WITH people, a, CASE WHEN people > 0 THEN have * 1.0 / people ELSE 0.0 END AS share,
     CASE WHEN others > 0 THEN others_have * 1.0 / others ELSE 0.0 END AS share_of_others
WHERE share > share_of_others
RETURN a.id AS id, a.kind AS kind, a.value AS value, people, share, share_of_others, share - share_of_others AS more
ORDER BY more DESC, id
LIMIT 25
