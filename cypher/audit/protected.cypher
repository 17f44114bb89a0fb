// Protected attributes that are shown
// Zero rows on a good database: no attribute of a kind that the run protects is a reason.
// $run: id of the run
// $protected: the attribute kinds that the run protects, a list
MATCH (x:Attribute)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run AND x.kind IN $protected
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.anchor AS anchor
ORDER BY user, item, evidence
LIMIT 1000
