// Items that are said to be disliked and are not
// Zero rows on a good database: where a reason came through disliked, the user's interaction with the item is a dislike
// by the rule of the run, such as rating<=2. A run without such a rule names no dislikes.
// $run: id of the run
// $property: rating or weight, what the rule looks at; empty where the run has no rule
// $low: the lowest number that is a dislike
// $high: the highest
MATCH (x:Item)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u:User)
WHERE r.run = $run AND e.via = 'disliked'
  AND NOT EXISTS {
    MATCH (u)-[t:INTERACTED]->(x)
    WHERE ($property = 'rating' AND t.rating >= $low AND t.rating <= $high)
       OR ($property = 'weight' AND t.weight >= $low AND t.weight <= $high)
  }
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.anchor AS anchor
ORDER BY user, item, evidence
LIMIT 1000
