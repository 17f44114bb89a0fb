// Set down how many recommendations and reasons the runs hold, for check to compare
// $runs: ids of the runs
MATCH (run:Run)
WHERE run.id IN $runs
SET run.recommendations = COUNT { MATCH (:Recommendation {run: run.id}) }
SET run.reasons = COUNT { MATCH (:Recommendation {run: run.id})<-[:EXPLAINS]-() }
