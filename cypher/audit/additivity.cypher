// Scores that are not the sum of their reasons
// Zero rows on a good database: where the run's weights are in units of the score,
// score = sum of the stored weights + rest, to within a millionth of the larger side. Neither reasons in sets nor
// summaries by item groups and user clusters are summed.
// $run: id of the run
MATCH (run:Run {id: $run})<-[:FROM_RUN]-(r:Recommendation)
WHERE run.weight_unit = 'score' AND r.run = $run
OPTIONAL MATCH (x)-[e:EXPLAINS]->(r)
WHERE e.set = 0 AND NOT e.method IN ['item_group', 'user_cluster']
WITH r.user AS user, r.item AS item, r.score AS score, r.rest AS rest, coalesce(sum(e.weight), 0.0) AS stored
WHERE rest IS NULL OR abs(score - rest - stored) > 0.000001 * (1.0 + abs(score) + abs(stored))
RETURN user, item, score, rest, stored
ORDER BY user, item
LIMIT 1000
