// How many counterfactuals does a run have?
// One row per answer: found or none, and how many recommendations it stands on; no row where none was sought.
// $run: id of a complete run
MATCH (r:Recommendation)
WHERE r.run = $run AND r.counterfactual IS NOT NULL
RETURN r.counterfactual AS counterfactual, count(*) AS recommendations
ORDER BY counterfactual
LIMIT 10
