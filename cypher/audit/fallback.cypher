// People who got the fallback beside the model's own reasons
// Zero rows on a good database: who has a reason of the method fallback has no reason of any other method in the run.
// $run: id of the run
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run
WITH r.user AS user, count(e) AS reasons, sum(CASE WHEN e.method = 'fallback' THEN 1 ELSE 0 END) AS of_fallback
WHERE of_fallback > 0 AND of_fallback < reasons
RETURN user, reasons, of_fallback
ORDER BY user
LIMIT 1000
