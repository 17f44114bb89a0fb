// Which reasons do some recommendations of a user have?
// One row per stored reason of the recommendations between two ranks, best recommendation first; a page of them at a
// time, since lists with many reasons are long. `why/list` asks the same for the whole list, up to its LIMIT.
// $user: id of the user
// $run: id of a complete run
// $first: rank of the first recommendation
// $last: rank of the last recommendation
// $skip: how many rows to pass over, 0 for the first page
MATCH (u:User {id: $user})-[:RECEIVED]->(r:Recommendation)<-[e:EXPLAINS]-(x)
WHERE r.run = $run AND r.rank >= $first AND r.rank <= $last
OPTIONAL MATCH (j:Item {id: e.anchor})
OPTIONAL MATCH (c:Item {id: e.contrast})
OPTIONAL MATCH (f:Factor)
WHERE e.via = 'factor:' + f.id
RETURN r.rank AS place, r.item AS item, label(x) AS label, x.id AS id, x.name AS name,
       e.weight AS weight, e.share AS share, e.rank AS rank,
       e.net AS net, e.effect AS effect, e.held_effect AS held_effect, e.error AS error,
       e.method AS method, e.via AS via, f.id AS factor, f.name AS factor_name,
       e.ground AS ground, e.anchor AS anchor, j.name AS anchor_name,
       e.set AS set_number, e.contrast AS contrast, c.name AS contrast_name, e.delta AS delta, e.amount AS amount,
       e.joint_effect AS joint_effect, e.flips AS flips, e.set_of AS set_of, e.set_name AS set_name
ORDER BY r.rank, r.item, e.rank < 0, abs(e.rank), e.method, x.id, label, e.via, e.set
SKIP $skip
LIMIT 5000
