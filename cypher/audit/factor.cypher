// Reasons of ground factor that are not real
// Zero rows on a good database: the factor was found by the run's fit, and the user or the recommended item
// belongs to it; an item, entity or user as evidence shares a factor of that fit with one of them.
// $run: id of the run
MATCH (x:Factor|Item|Entity|User)-[e:EXPLAINS]->(r:Recommendation)-[:FROM_RUN]->(run:Run)
WHERE r.run = $run AND run.id = $run AND e.ground = 'factor'
MATCH (u:User)-[:RECEIVED]->(r)
MATCH (r)-[:SUGGESTS]->(i:Item)
WHERE NOT EXISTS { MATCH (u)-[:BELONGS_TO]->(f:Factor) WHERE f.id = x.id AND f.fit = run.fit }
  AND NOT EXISTS { MATCH (i)-[:BELONGS_TO]->(f:Factor) WHERE f.id = x.id AND f.fit = run.fit }
  AND NOT EXISTS { MATCH (u)-[:BELONGS_TO]->(f:Factor)<-[:BELONGS_TO]-(x) WHERE f.fit = run.fit }
  AND NOT EXISTS { MATCH (i)-[:BELONGS_TO]->(f:Factor)<-[:BELONGS_TO]-(x) WHERE f.fit = run.fit }
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.anchor AS anchor
ORDER BY user, item, evidence
LIMIT 1000
