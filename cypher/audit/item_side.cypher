// Reasons of ground item_side that are not real
// Zero rows on a good database: the evidence hangs on the recommended item: an attribute or entity of
// it, a feature of its profile or of a review of it, or a user who took it.
// $run: id of the run
MATCH (x:Attribute|Entity|Feature|User)-[e:EXPLAINS]->(r:Recommendation)-[:SUGGESTS]->(i:Item)
WHERE r.run = $run AND e.ground = 'item_side'
  AND NOT EXISTS { MATCH (i)-[:HAS_ATTRIBUTE|HAS_ENTITY|RELATED_TO|MENTIONED]-(x) }
  AND NOT EXISTS { MATCH (x)-[:INTERACTED]->(i) }
  AND NOT EXISTS { MATCH (v:User)-[m:MENTIONED]->(x) WHERE m.item = r.item }
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.anchor AS anchor
ORDER BY user, item, evidence
LIMIT 1000
