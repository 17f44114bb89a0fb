// Taken items that are said to share an entity and share none
// Zero rows on a good database: where a reason of ground history came through relation:entities, the taken item has an
// entity that the recommended item has, too, by whatever relation.
// $run: id of the run
MATCH (x:Item)-[e:EXPLAINS]->(r:Recommendation)-[:SUGGESTS]->(i:Item)
WHERE r.run = $run AND e.ground = 'history' AND e.via = 'relation:entities'
  AND NOT EXISTS {
    MATCH (x)-[:HAS_ENTITY]->(n:Entity)
    WHERE EXISTS { MATCH (i)-[:HAS_ENTITY]->(n) }
  }
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.via AS via
ORDER BY user, item, evidence, via
LIMIT 1000
