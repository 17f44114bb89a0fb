// Reasons of ground entity that are not real
// Zero rows on a good database: the knowledge graph leads from the anchor, an item that the user
// took (audit/anchor), to the entity in at most as many hops as the run allows, whichever way its facts are stated.
// $run: id of the run
MATCH (x:Entity)-[e:EXPLAINS]->(r:Recommendation)-[:FROM_RUN]->(run:Run)
WHERE r.run = $run AND run.id = $run AND e.ground = 'entity'
WITH DISTINCT x, e.anchor AS anchor, run.max_hops AS hops
WHERE NOT (hops >= 1 AND EXISTS { MATCH (j:Item)-[:HAS_ENTITY|RELATED_TO]-(x) WHERE j.id = anchor })
MATCH (j:Item)
WHERE j.id = anchor
  AND NOT (hops >= 2 AND EXISTS { MATCH (j)-[:HAS_ENTITY|RELATED_TO*2..2]-(x) })
  AND NOT (hops >= 3 AND EXISTS { MATCH (j)-[:HAS_ENTITY|RELATED_TO*3..3]-(x) })
RETURN x.id AS evidence, anchor, hops
ORDER BY evidence, anchor
LIMIT 1000
