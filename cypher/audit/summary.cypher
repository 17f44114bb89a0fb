// Summaries of what is not there
// Zero rows on a good database: a summary names an item group or a user cluster of the run's fit, whichever its method
// says, and the user belongs to it. Where all evidence is stored, a group weighs what the reasons through it weigh
// together.
// $run: id of the run
MATCH (x)-[s:EXPLAINS]->(r:Recommendation)-[:FROM_RUN]->(run:Run)
WHERE r.run = $run AND run.id = $run AND s.method IN ['item_group', 'user_cluster']
MATCH (u:User)-[:RECEIVED]->(r)
OPTIONAL MATCH (u)-[:BELONGS_TO]->(f:Factor)
WHERE f.id = x.id AND f.fit = run.fit AND f.kind = s.method
WITH r, x.id AS evidence, s.method AS method, s.weight AS weight, count(f) AS belongs
OPTIONAL MATCH (y)-[e:EXPLAINS]->(r)
WHERE NOT e.method IN ['item_group', 'user_cluster']
WITH r.user AS user, r.item AS item, evidence, method, weight, belongs, sum(abs(e.share)) AS stored,
     sum(abs(e.weight)) AS whole, sum(CASE WHEN e.via = 'factor:' + evidence THEN e.weight ELSE 0.0 END) AS through
WHERE belongs <> 1
   OR (method = 'item_group' AND stored > 0.99999 AND abs(weight - through) > 0.00002 * (1.0 + whole))
RETURN user, item, evidence, method, belongs, weight, through
ORDER BY user, item, evidence
LIMIT 1000
