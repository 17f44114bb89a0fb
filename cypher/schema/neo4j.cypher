// Constraints and indexes of Neo4j
// Written by `python -m graphrec.schema.documents` from `graphrec/schema/property_graph.py`: change that, not this.
CREATE CONSTRAINT graphrec_dataset_id IF NOT EXISTS FOR (n:`Dataset`) REQUIRE n.`id` IS UNIQUE;
CREATE CONSTRAINT graphrec_user_id IF NOT EXISTS FOR (n:`User`) REQUIRE n.`id` IS UNIQUE;
CREATE CONSTRAINT graphrec_item_id IF NOT EXISTS FOR (n:`Item`) REQUIRE n.`id` IS UNIQUE;
CREATE CONSTRAINT graphrec_entity_id IF NOT EXISTS FOR (n:`Entity`) REQUIRE n.`id` IS UNIQUE;
CREATE CONSTRAINT graphrec_attribute_id IF NOT EXISTS FOR (n:`Attribute`) REQUIRE n.`id` IS UNIQUE;
CREATE CONSTRAINT graphrec_feature_id IF NOT EXISTS FOR (n:`Feature`) REQUIRE n.`id` IS UNIQUE;
CREATE CONSTRAINT graphrec_factor_id IF NOT EXISTS FOR (n:`Factor`) REQUIRE n.`id` IS UNIQUE;
CREATE CONSTRAINT graphrec_recommendation_id IF NOT EXISTS FOR (n:`Recommendation`) REQUIRE n.`id` IS UNIQUE;
CREATE CONSTRAINT graphrec_run_id IF NOT EXISTS FOR (n:`Run`) REQUIRE n.`id` IS UNIQUE;
CREATE CONSTRAINT graphrec_storelock_id IF NOT EXISTS FOR (n:`StoreLock`) REQUIRE n.`id` IS UNIQUE;
CREATE INDEX graphrec_recommendation_run IF NOT EXISTS FOR (n:`Recommendation`) ON (n.`run`);
