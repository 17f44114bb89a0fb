// Recommendations to others lose the reasons that name a person
// Each then counts one reason less, and its weight goes into the rest.
// $user: id of the person
MATCH (:User {id: $user})-[e:EXPLAINS]->(r:Recommendation)
WHERE r.user <> $user
WITH r, count(e) AS lost, sum(e.weight) AS weight
SET r.n_reasons = r.n_reasons - lost, r.rest = r.rest + weight
