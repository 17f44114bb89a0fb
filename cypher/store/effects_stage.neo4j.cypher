// Put new effects beside the old ones, where nobody looks for them
// $recommendations: ids of some recommendations
// $at: position of each reason's recommendation among them
// $label: label of each reason's evidence
// $evidence: id of it
// $method: method of each reason
// $via: what it came through
// $set: number of its set
// $effect: its new effect
UNWIND range(0, size($at) - 1) AS k
MATCH (r:Recommendation {id: $recommendations[$at[k]]})<-[e:EXPLAINS]-(n)
WHERE n.id = $evidence[k] AND $label[k] IN labels(n)
  AND e.method = $method[k] AND e.via = $via[k] AND e.set = $set[k]
SET e.effect_staged = $effect[k]
RETURN count(*) AS written
