// What do the people of this user cluster take more of than others?
// Attributes and entities of items by the mean, over the cluster's people (who belong to no other cluster of the fit more),
// of the part of a person's items that carry it; the same over all others in a cluster, and the difference. Every person
// counts once, whatever they took.
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
MATCH (w)-[:INTERACTED]->(j:Item)
WITH people, others, w, is_of, count(j) AS taken
MATCH (w)-[:INTERACTED]->(k:Item)
WITH people, others, k, sum(is_of * 1.0 / taken) AS of_people, sum((1 - is_of) * 1.0 / taken) AS of_others
MATCH (k)-[:HAS_ATTRIBUTE|HAS_ENTITY]->(a)
WITH DISTINCT people, others, k, of_people, of_others, a
WITH people, others, a, sum(of_people) AS part, sum(of_others) AS others_part
WITH people, a, CASE WHEN people > 0 THEN part / people ELSE 0.0 END AS share,
     CASE WHEN others > 0 THEN others_part / others ELSE 0.0 END AS share_of_others
WHERE share > share_of_others
RETURN a.id AS id, a.kind AS kind, a.name AS name, people, share, share_of_others, share - share_of_others AS more
ORDER BY more DESC, id
LIMIT 25
