// Draw: why, through people like this user
// Paths to draw: user, user cluster, recommendation, item; and item groups that the cluster's people take much of, if the
// recommended item belongs to them too and they are among its three strongest. No other person is drawn: why/people
// counts them.
// $user: id of the user
// $item: id of the recommended item
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH p = (v:User {id: $user})-[:BELONGS_TO]->(f:Factor)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User {id: $user}),
      q = (r)-[:SUGGESTS]->(i:Item)
WHERE r.run = chosen AND r.item = $item AND i.id = $item
  AND e.method = 'user_cluster'
OPTIONAL MATCH s = (i)-[b:BELONGS_TO]->(g:Factor)-[c:BELONGS_TO]->(f), (g)-[x:EXPLAINS]->(r)
WHERE x.method = 'item_group' AND abs(x.rank) <= 3
RETURN p, q, s
ORDER BY abs(e.rank), b.weight * c.weight DESC
LIMIT 25
