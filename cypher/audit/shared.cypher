// Taken items that are said to share a value and share none
// Zero rows on a good database: where a reason of ground history came through attribute:KIND, the taken item carries a
// value of that kind that the recommended item carries, too. Through neighbours:KIND nothing is claimed to be shared.
// $run: id of the run
MATCH (x:Item)-[e:EXPLAINS]->(r:Recommendation)-[:SUGGESTS]->(i:Item)
WHERE r.run = $run AND e.ground = 'history' AND e.via STARTS WITH 'attribute:'
  AND NOT EXISTS {
    MATCH (x)-[:HAS_ATTRIBUTE]->(a:Attribute)
    WHERE e.via = 'attribute:' + a.kind AND EXISTS { MATCH (i)-[:HAS_ATTRIBUTE]->(a) }
  }
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.via AS via
ORDER BY user, item, evidence, via
LIMIT 1000
