// Reasons whose anchor the user did not take
// Zero rows on a good database: a named anchor is an item that the user took, reasons through attributes and
// entities of items name one, and a taken item that is itself the reason names no other. Whether the user took an item
// that is its own anchor, audit/history asks.
// $run: id of the run
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run AND (e.ground <> 'history' OR e.anchor <> x.id)
MATCH (u:User)-[:RECEIVED]->(r)
WHERE (e.anchor IS NOT NULL AND NOT EXISTS { MATCH (u)-[:INTERACTED]->(j:Item) WHERE j.id = e.anchor })
   OR (e.anchor IS NULL AND e.ground IN ['item_attribute', 'entity'])
   OR e.ground = 'history'
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.anchor AS anchor
ORDER BY user, item, evidence
LIMIT 1000
