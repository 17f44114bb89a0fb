// Reasons of ground item_attribute that are not real
// Zero rows on a good database: the anchor, an item that the user took (audit/anchor), carries the attribute.
// $run: id of the run
MATCH (x:Attribute)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run AND e.ground = 'item_attribute'
  AND NOT EXISTS { MATCH (j:Item)-[:HAS_ATTRIBUTE]->(x) WHERE j.id = e.anchor }
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.anchor AS anchor
ORDER BY user, item, evidence
LIMIT 1000
