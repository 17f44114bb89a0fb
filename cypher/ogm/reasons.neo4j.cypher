// The EXPLAINS relationships of one recommendation
// As relationships, for graphrec.ogm: supporting ones by rank, then opposing ones.
// $recommendation: id of the recommendation
MATCH (x)-[e:EXPLAINS]->(r:Recommendation {id: $recommendation})
RETURN e, x
ORDER BY e.rank < 0, abs(e.rank), e.method, x.id
LIMIT 1000
