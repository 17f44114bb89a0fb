// Which values do the taken items that are reasons share with some recommendations of a user?
// One row per value of the kind that a reason of ground history names in attribute:KIND, where the taken item and the
// recommended one both carry it; of recommendations between two ranks, a page of rows at a time.
// $user: id of the user
// $run: id of a complete run
// $first: rank of the first recommendation
// $last: rank of the last recommendation
// $skip: how many rows to pass over, 0 for the first page
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(j:Item)
WHERE r.run = $run AND r.rank >= $first AND r.rank <= $last AND e.ground = 'history' AND e.via STARTS WITH 'attribute:'
MATCH (r)-[:SUGGESTS]->(i:Item)
MATCH (j)-[:HAS_ATTRIBUTE]->(a:Attribute)
WHERE e.via = 'attribute:' + a.kind
MATCH (i)-[:HAS_ATTRIBUTE]->(a)
RETURN DISTINCT r.item AS item, j.id AS id, e.via AS via, a.id AS attribute, a.name AS name
ORDER BY item, id, via, attribute
SKIP $skip
LIMIT 5000
