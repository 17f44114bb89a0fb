// Recommendations that say of counterfactuals what their reasons do not
// Zero rows on a good database: where changes were found, the reasons are members of one set that names its rival, changes
// each of them and flips the order; where none were found, no reason is stored of a set that flips.
// $run: id of the run
MATCH (r:Recommendation)
WHERE r.run = $run AND r.counterfactual IS NOT NULL
OPTIONAL MATCH (x)-[e:EXPLAINS]->(r)
WHERE e.flips AND e.set > 0 AND e.delta <> 0 AND e.contrast IS NOT NULL
WITH r.user AS user, r.item AS item, r.counterfactual AS counterfactual, r.n_reasons AS reasons, count(e) AS members
WHERE NOT ((counterfactual = 'found' AND members > 0 AND members = reasons)
   OR (counterfactual = 'none' AND members = 0))
RETURN user, item, counterfactual, reasons, members
ORDER BY user, item
LIMIT 1000
