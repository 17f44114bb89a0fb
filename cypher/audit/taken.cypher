// Recommendations of what the user had already taken
// Zero rows on a good database: nothing recommended was taken. Asked only of runs that saw all
// history: a run on a training part may suggest what was held out. Nor is it asked of runs that
// may repeat what was taken (recommend --keep-taken).
// $run: id of the run
MATCH (u:User)-[:RECEIVED]->(r:Recommendation)-[:SUGGESTS]->(i:Item)
WHERE r.run = $run AND EXISTS { MATCH (run:Run) WHERE run.id = $run AND run.history = 'all' }
  AND EXISTS { MATCH (u)-[:INTERACTED]->(i) }
RETURN u.id AS user, i.id AS item, r.rank AS rank
ORDER BY user, item
LIMIT 1000
