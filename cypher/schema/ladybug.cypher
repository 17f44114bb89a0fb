// Tables of the embedded engine
// Written by `python -m graphrec.schema.documents` from `graphrec/schema/property_graph.py`: change that, not this.
CREATE NODE TABLE `Dataset`(`id` STRING, `name` STRING, `loader` STRING, `fingerprint` STRING, `loaded` STRING, `base` STRING, `prefix` STRING, `verb` STRING, `declared` STRING, `status` STRING, `generation` INT64, PRIMARY KEY(`id`));
CREATE NODE TABLE `User`(`id` STRING, `name` STRING, PRIMARY KEY(`id`));
CREATE NODE TABLE `Item`(`id` STRING, `name` STRING, PRIMARY KEY(`id`));
CREATE NODE TABLE `Entity`(`id` STRING, `name` STRING, `kind` STRING, PRIMARY KEY(`id`));
CREATE NODE TABLE `Attribute`(`id` STRING, `name` STRING, `owner` STRING, `kind` STRING, `value` STRING, PRIMARY KEY(`id`));
CREATE NODE TABLE `Feature`(`id` STRING, `name` STRING, PRIMARY KEY(`id`));
CREATE NODE TABLE `Factor`(`id` STRING, `name` STRING, `fit` STRING, `kind` STRING, `index` INT64, PRIMARY KEY(`id`));
CREATE NODE TABLE `Recommendation`(`id` STRING, `name` STRING, `run` STRING, `user` STRING, `item` STRING, `score` DOUBLE, `rank` INT64, `rest` DOUBLE, `n_reasons` INT64, `counterfactual` STRING, `computed` STRING, `basis` STRING, PRIMARY KEY(`id`));
CREATE NODE TABLE `Run`(`id` STRING, `name` STRING, `model` STRING, `fit` STRING, `params` STRING, `metrics` STRING, `seed` INT64, `versions` STRING, `created` STRING, `status` STRING, `current` BOOLEAN, `scope` STRING, `data` STRING, `split` STRING, `history` STRING, `positive_if` STRING, `weight_unit` STRING, `additive` STRING, `max_hops` INT64, `protected` STRING, `notes` STRING, `dataset` STRING, `number` INT64, PRIMARY KEY(`id`));
CREATE REL TABLE `INTERACTED`(FROM `User` TO `Item`, `rating` DOUBLE, `weight` DOUBLE, `timestamp` INT64, `microsecond` INT64);
CREATE REL TABLE `CO_PURCHASED`(FROM `Item` TO `Item`, `count` INT64, `source` STRING);
CREATE REL TABLE `FRIEND_OF`(FROM `User` TO `User`);
CREATE REL TABLE `HAS_ENTITY`(FROM `Item` TO `Entity`, `relation` STRING);
CREATE REL TABLE `RELATED_TO`(FROM `Entity` TO `Entity`, FROM `Entity` TO `Item`, FROM `Item` TO `Entity`, FROM `Item` TO `Item`, `relation` STRING);
CREATE REL TABLE `HAS_ATTRIBUTE`(FROM `Item` TO `Attribute`, FROM `User` TO `Attribute`);
CREATE REL TABLE `MENTIONED`(FROM `User` TO `Feature`, FROM `Item` TO `Feature`, `item` STRING, `sentiment` DOUBLE, `count` INT64);
CREATE REL TABLE `BELONGS_TO`(FROM `User` TO `Factor`, FROM `Item` TO `Factor`, FROM `Entity` TO `Factor`, FROM `Attribute` TO `Factor`, FROM `Factor` TO `Factor`, `weight` DOUBLE);
CREATE REL TABLE `RECEIVED`(FROM `User` TO `Recommendation`);
CREATE REL TABLE `SUGGESTS`(FROM `Recommendation` TO `Item`);
CREATE REL TABLE `FROM_RUN`(FROM `Recommendation` TO `Run`);
CREATE REL TABLE `EXPLAINS`(FROM `Item` TO `Recommendation`, FROM `Entity` TO `Recommendation`, FROM `Attribute` TO `Recommendation`, FROM `Feature` TO `Recommendation`, FROM `Factor` TO `Recommendation`, FROM `User` TO `Recommendation`, `method` STRING, `via` STRING, `set` INT64, `weight` DOUBLE, `share` DOUBLE, `percent` STRING, `rank` INT64, `net` DOUBLE, `effect` DOUBLE, `held_effect` DOUBLE, `error` DOUBLE, `ground` STRING, `anchor` STRING, `contrast` STRING, `delta` DOUBLE, `amount` DOUBLE, `joint_effect` DOUBLE, `flips` BOOLEAN, `set_of` STRING, `set_name` STRING);
