// Shares that add up to more than the whole
// Zero rows on a good database: the absolute shares of a recommendation and method sum to at most 1.
// $run: id of the run
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run
WITH r.user AS user, r.item AS item, e.method AS method, sum(abs(e.share)) AS total
WHERE total > 1.000001
RETURN user, item, method, total
ORDER BY user, item, method
LIMIT 1000
