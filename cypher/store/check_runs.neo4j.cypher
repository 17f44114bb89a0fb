// What the runs hold, beside what was set down when they were written
MATCH (run:Run)
CALL {
  WITH run
  MATCH (r:Recommendation {run: run.id})
  WITH r, COUNT { (r)<-[:EXPLAINS]-() } AS reasons, r.n_reasons AS stated,
    COUNT { (r)<-[e:EXPLAINS]-() WHERE e.method IN ['item_group', 'user_cluster'] } AS summaries,
    COUNT { (:User {id: r.user})-[:RECEIVED]->(r) } AS received,
    COUNT { (r)-[:SUGGESTS]->(:Item {id: r.item}) } AS suggests,
    COUNT { (r)-[:FROM_RUN]->(:Run {id: r.run}) } AS come
  RETURN count(r) AS recommendations, sum(reasons) AS reasons,
    sum(CASE WHEN reasons - summaries <> stated THEN 1 ELSE 0 END) AS miscounted,
    sum(CASE WHEN received <> 1 OR suggests <> 1 OR come <> 1 THEN 1 ELSE 0 END) AS loose
}
RETURN run.id AS run, run.status AS status, recommendations, reasons, miscounted, loose,
  run.recommendations AS written, run.reasons AS reasons_written
ORDER BY run
