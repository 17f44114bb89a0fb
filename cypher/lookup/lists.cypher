// How long are the lists of a run, and what do its reasons stand on?
// One row for each ground: how many reasons stand on it; and the last rank of the longest list.
// $run: id of the run
MATCH (r:Recommendation)
WHERE r.run = $run
WITH max(r.rank) AS longest
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run
RETURN e.ground AS ground, count(e) AS reasons, longest
ORDER BY ground
LIMIT 100
