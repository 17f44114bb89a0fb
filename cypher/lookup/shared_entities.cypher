// Which entities do the taken items that are reasons share with some recommendations of a user?
// One row per entity that both items have, by whatever relation, where a reason of ground history came through shared
// entities; of recommendations between two ranks, a page of rows at a time.
// $user: id of the user
// $run: id of a complete run
// $first: rank of the first recommendation
// $last: rank of the last recommendation
// $skip: how many rows to pass over, 0 for the first page
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(j:Item)
WHERE r.run = $run AND r.rank >= $first AND r.rank <= $last AND e.ground = 'history' AND e.via = 'relation:entities'
MATCH (r)-[:SUGGESTS]->(i:Item)
MATCH (j)-[:HAS_ENTITY]->(n:Entity)
MATCH (i)-[:HAS_ENTITY]->(n)
RETURN DISTINCT r.item AS item, j.id AS id, e.via AS via, n.id AS entity, n.name AS name
ORDER BY item, id, via, entity
SKIP $skip
LIMIT 5000
