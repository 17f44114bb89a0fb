// Reasons of ground popularity that are not real
// Zero rows on a good database: the evidence is the recommended item itself, and at least as many people took it as the
// reason weighs. The weight counts positive interactions alone, so that more may have taken it.
// $run: id of the run
MATCH (x:Item)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run AND e.ground = 'popularity'
WITH x, max(e.weight) AS said, min(r.item) AS first, max(r.item) AS last
OPTIONAL MATCH (u:User)-[:INTERACTED]->(x)
WITH x.id AS evidence, said, first, last, count(u) AS takers
WHERE takers < said OR first <> evidence OR last <> evidence
RETURN evidence, said, takers
ORDER BY evidence
LIMIT 1000
