// Sets of reasons whose members say different things
// Zero rows on a good database: what is measured of a whole set stands on each of its members, the same on all, so does
// what they have in common, and the rival that overtakes is another item of the store.
// $run: id of the run
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
WHERE r.run = $run AND e.set > 0
WITH r.user AS user, r.item AS item, e.method AS method, e.set AS number, count(e) AS members,
     count(e.joint_effect) AS measured, count(DISTINCT e.joint_effect) AS effects,
     count(e.flips) AS answered, count(DISTINCT e.flips) AS answers,
     count(e.set_of) AS named, count(DISTINCT e.set_of) AS names,
     count(e.contrast) AS contrasted, count(DISTINCT e.contrast) AS rivals, min(e.contrast) AS rival
OPTIONAL MATCH (i:Item {id: rival})
WITH user, item, method, number, members, measured, effects, answered, answers, named, names, contrasted, rivals, rival, count(i) AS known
WHERE measured <> members OR effects <> 1 OR (answered > 0 AND (answered <> members OR answers <> 1))
   OR (named > 0 AND (named <> members OR names <> 1))
   OR (contrasted > 0 AND (contrasted <> members OR rivals <> 1 OR known <> 1 OR rival = item))
RETURN user, item, method, number, members
ORDER BY user, item, method, number
LIMIT 1000
