// Reasons whose evidence does not fit their ground
// Zero rows on a good database: the ground is one of the nine, and its evidence has one of the labels that it may have.
// $run: id of the run
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run
WITH [l IN labels(x) WHERE l IN ['User', 'Item', 'Attribute', 'Entity', 'Feature', 'Factor']][0] AS label, e.ground AS ground, count(*) AS reasons
WHERE NOT (
     (ground = 'history' AND label = 'Item')
  OR (ground = 'item_attribute' AND label = 'Attribute')
  OR (ground = 'profile' AND label = 'Attribute')
  OR (ground = 'entity' AND label = 'Entity')
  OR (ground = 'mentioned' AND label = 'Feature')
  OR (ground = 'item_side' AND label IN ['Attribute', 'Entity', 'Feature', 'User'])
  OR (ground = 'rival_side' AND label = 'Feature')
  OR (ground = 'popularity' AND label = 'Item')
  OR (ground = 'factor' AND label IN ['Factor', 'Item', 'Entity', 'User']))
RETURN label, ground, reasons
ORDER BY label, ground
LIMIT 1000
