// Which recommendation of the current run draws best?
// One row: the recommendation with two kinds of evidence or more whose strongest reasons weigh most.
// $strongest: how many reasons are to be drawn
MATCH (run:Run)
WHERE run.status = 'complete' AND run.current
WITH run.id AS chosen
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = chosen AND e.rank >= 1 AND e.rank <= $strongest AND NOT e.method IN ['item_group', 'user_cluster']
WITH r.user AS user, r.item AS item, count(DISTINCT e.ground) AS grounds, sum(e.share) AS share
RETURN user, item, grounds, share
ORDER BY grounds DESC, share DESC, user, item
LIMIT 1
