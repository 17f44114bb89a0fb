// Reasons that came through a protected kind
// Zero rows on a good database: nothing that is a reason, such as a taken item, came through an attribute of a kind that
// the run protects, be it by a shared value (attribute:KIND) or through neighbours (neighbours:KIND).
// $run: id of the run
// $protected: the attribute kinds that the run protects, a list
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run AND any(kind IN $protected WHERE e.via = 'attribute:' + kind OR e.via = 'neighbours:' + kind)
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.via AS via
ORDER BY user, item, evidence, via
LIMIT 1000
