// Why was this user's whole list recommended?
// One row per stored reason of each recommendation in the user's list, best recommendation first.
// $user: id of the user
// $run: id of a complete run, or '' for the current one
MATCH (run:Run)
WHERE run.status = 'complete' AND (run.id = $run OR ($run = '' AND run.current))
WITH run.id AS chosen
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(x)
WHERE r.run = chosen
OPTIONAL MATCH (j:Item {id: e.anchor})
OPTIONAL MATCH (c:Item {id: e.contrast})
OPTIONAL MATCH (f:Factor)
WHERE e.via = 'factor:' + f.id
RETURN r.rank AS place, r.item AS item, r.name AS item_name, r.score AS score, label(x) AS label, x.id AS id, x.name AS name,
       e.weight AS weight, e.share AS share, e.percent AS percent, e.rank AS rank,
       e.net AS net, e.effect AS effect, e.held_effect AS held_effect, e.error AS error,
       e.method AS method, e.via AS via, f.id AS factor, f.name AS factor_name,
       e.ground AS ground, e.anchor AS anchor, j.name AS anchor_name,
       e.set AS set_number, e.contrast AS contrast, c.name AS contrast_name, e.delta AS delta, e.amount AS amount,
       e.joint_effect AS joint_effect, e.flips AS flips, e.set_of AS set_of, e.set_name AS set_name
ORDER BY r.rank, e.rank < 0, abs(e.rank), e.method, x.id
LIMIT 5000
