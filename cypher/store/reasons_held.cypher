// Which kinds of reasons a run holds
// The grounds, methods and ways that its stored reasons have: an audit that asks about none of these has nothing to find.
// $run: id of the run
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run
RETURN DISTINCT e.ground AS ground, e.method AS method, e.via AS via
