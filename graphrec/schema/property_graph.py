"""The property graph of graphrec, stated once.

Constraints, indexes, embedded tables, validation and the documentation are all derived from ``SCHEMA``.
"""

from __future__ import annotations

from graphrec.schema.elements import GraphSchema, NodeLabel, Property, PropertyType, RelationshipType

_S, _I, _F, _B = PropertyType.STRING, PropertyType.INTEGER, PropertyType.FLOAT, PropertyType.BOOLEAN


def _id(doc: str = "unique per label") -> Property:
    return Property("id", _S, doc, required=True)


def _name(doc: str = "what a person reads") -> Property:
    return Property("name", _S, doc, required=True)


DATASET = NodeLabel(
    "Dataset",
    "what this store holds: base data sets, each with ids of its own, and overlays that name their base",
    (
        _id(),
        _name(),
        Property("loader", _S, "the loader that read it", required=True),
        Property("fingerprint", _S, "of the data set with its overlays, once this was loaded", required=True),
        Property("loaded", _S, "when, ISO 8601 UTC", required=True),
        Property("base", _S, "id of the base data set of an overlay; empty for a base"),
        Property("prefix", _S, "text in front of every id; of several base data sets, all but one have one"),
        Property("verb", _S, "what users did with items, as it follows “which they”; empty: interacted with"),
        Property("declared", _S, "JSON: properties beyond the schema, by label or type"),
        Property("status", _S, "complete; loading or removing while that is under way", required=True),
        Property(
            "generation",
            _I,
            "number of the load among those of the data set and its overlays: the largest is the latest, whatever the "
            "clocks said; null before 0.4, where loaded decides",
        ),
    ),
)

USER = NodeLabel("User", "who receives recommendations", (_id(), _name()))
ITEM = NodeLabel("Item", "what is recommended", (_id(), _name()))
ENTITY = NodeLabel(
    "Entity", "a knowledge-graph entity", (_id(), _name(), Property("kind", _S, "person, band, place, … or empty"))
)
ATTRIBUTE = NodeLabel(
    "Attribute",
    "an attribute value such as item.genre=Drama; the owner is part of the id",
    (
        _id(),
        _name(),
        Property("owner", _S, "item or user", required=True),
        Property("kind", _S, "genre, director, age, …", required=True),
        Property("value", _S, "Drama, 25-34, …", required=True),
    ),
)
FEATURE = NodeLabel("Feature", "an aspect word from reviews", (_id(), _name()))

FACTOR = NodeLabel(
    "Factor",
    "what a fitted model found; keyed to the fit, not to the run",
    (
        _id(),
        _name("its most over-represented attributes"),
        Property("fit", _S, "the fit that found it", required=True),
        Property("kind", _S, "factor, user_cluster (of people who are alike) or item_group (of items)", required=True),
        Property("index", _I, "its position in the model", required=True),
    ),
    part="run",
)
RECOMMENDATION = NodeLabel(
    "Recommendation",
    "one recommended item for one user in one run",
    (
        _id("run, user and item, separators escaped"),
        _name("the item's name"),
        Property("run", _S, "id of its run", required=True),
        Property("user", _S, "id of its user", required=True),
        Property("item", _S, "id of its item", required=True),
        Property("score", _F, "the model's score", required=True),
        Property("rank", _I, "1 = best", required=True),
        Property("rest", _F, "score minus the sum of the stored weights, summaries not counted"),
        Property("n_reasons", _I, "reasons stored, summaries not counted", required=True),
        Property(
            "counterfactual",
            _S,
            "whether changes were found that let another item overtake: found, with the set as reasons, or none; null "
            "where the run did not ask, or is from before 0.6",
        ),
        Property(
            "computed",
            _S,
            "when it was computed, ISO 8601 UTC, where a refreshed run took it over from an earlier one; null where it "
            "was computed for its run, whose created says when",
        ),
        Property(
            "basis",
            _S,
            "digest of what it was computed from beside the fit: what the user took, carries and mentions, and what is "
            "said of items; of the same fit, another digest means that it would be computed anew. Null before 0.8",
        ),
    ),
    part="run",
    indexed=("run",),
)
RUN = NodeLabel(
    "Run",
    "where recommendations came from",
    (
        _id(),
        _name("model and time"),
        Property("model", _S, "registered name of the model", required=True),
        Property("fit", _S, "id of the fitted model", required=True),
        Property("params", _S, "JSON: the model's and the run's parameters", required=True),
        Property(
            "metrics",
            _S,
            "JSON: what was measured of the fit, and how many recommendations have a counterfactual",
            required=True,
        ),
        Property("seed", _I, "random seed of the fit", required=True),
        Property("versions", _S, "JSON: versions of graphrec and what it stands on", required=True),
        Property("created", _S, "when, ISO 8601 UTC", required=True),
        Property("status", _S, "writing, or complete", required=True),
        Property("current", _B, "whether why-queries see it by default; one run of a data set is", required=True),
        Property("scope", _S, "full, or partial: some users only", required=True),
        Property("data", _S, "fingerprint of the data set, with its overlays, that it saw", required=True),
        Property("split", _S, "fingerprint of its split, or none", required=True),
        Property("history", _S, "all, or train: which interactions counted as taken", required=True),
        Property("positive_if", _S, "which interactions the model took as positive, such as rating>=3", required=True),
        Property("weight_unit", _S, "score, attention, affiliation, perturbation or path", required=True),
        Property(
            "additive",
            _S,
            "which of weight, effect and held_effect may be added up over the evidence of one recommendation, with "
            "commas between them, or none; null in runs from before 0.3",
        ),
        Property("max_hops", _I, "entity hops that a reason's data path may take", required=True),
        Property("protected", _S, "JSON: attribute kinds kept out of the reasons", required=True),
        Property("notes", _S, "what a reader must know, such as why effects are null", required=True),
        Property("dataset", _S, "id of the base data set that it recommends from; null in runs from before 0.4"),
        Property(
            "number",
            _I,
            "the larger, the later it was written, whatever the clocks said; null in runs from before 0.4, where "
            "created decides",
        ),
    ),
    part="run",
)

INTERACTED = RelationshipType(
    "INTERACTED",
    "one per pair: a repeat adds to weight; rating, timestamp and microsecond are the latest",
    (("User", "Item"),),
    (
        Property("rating", _F, "null where the data has none"),
        Property("weight", _F, "how often, or how much", required=True),
        Property("timestamp", _I, "whole seconds since 1970; null where unknown"),
        Property("microsecond", _I, "part of the second, 0 to 999,999; null where times are whole seconds"),
    ),
)
CO_PURCHASED = RelationshipType(
    "CO_PURCHASED",
    "taken together; one per pair and source",
    (("Item", "Item"),),
    (
        Property("count", _I, "how many users, or null where the source does not say"),
        Property("source", _S, "counted, also_bought, …", required=True),
    ),
    key=("source",),
    undirected=True,
)
FRIEND_OF = RelationshipType("FRIEND_OF", "two users who named each other", (("User", "User"),), undirected=True)
_RELATION = (Property("relation", _S, "starring, genre, …", required=True),)
HAS_ENTITY = RelationshipType(
    "HAS_ENTITY", "an item and what it is about", (("Item", "Entity"),), _RELATION, key=("relation",)
)
RELATED_TO = RelationshipType(
    "RELATED_TO",
    "a fact of the knowledge graph",
    (("Entity", "Entity"), ("Entity", "Item"), ("Item", "Entity"), ("Item", "Item")),
    _RELATION,
    key=("relation",),
)
HAS_ATTRIBUTE = RelationshipType("HAS_ATTRIBUTE", "carries the value", (("Item", "Attribute"), ("User", "Attribute")))
MENTIONED = RelationshipType(
    "MENTIONED",
    "spoke of the feature: a user in one review, or an item's profile over all of them",
    (("User", "Feature"), ("Item", "Feature")),
    (
        Property("item", _S, "the reviewed item; empty where only profiles are known", required=True),
        Property("sentiment", _F, "mean, −1 to 1", required=True),
        Property("count", _I, "mentions", required=True),
    ),
    key=("item",),
)
MEMBER_LABELS = ("User", "Item", "Entity", "Attribute", "Factor")
"""Labels whose nodes can belong to a factor."""

BELONGS_TO = RelationshipType(
    "BELONGS_TO",
    "membership in a factor; of an item group in a user cluster, what part of all that its people took is of the group",
    tuple((label, "Factor") for label in MEMBER_LABELS),
    (Property("weight", _F, "how strongly; weights below a fit's threshold are left out", required=True),),
    part="run",
)
RECEIVED = RelationshipType("RECEIVED", "was recommended", (("User", "Recommendation"),), part="run")
SUGGESTS = RelationshipType("SUGGESTS", "the recommended item", (("Recommendation", "Item"),), part="run")
FROM_RUN = RelationshipType("FROM_RUN", "the run it came from", (("Recommendation", "Run"),), part="run")

EVIDENCE_LABELS = ("Item", "Entity", "Attribute", "Feature", "Factor", "User")
"""Labels whose nodes can be a reason."""

EXPLAINS = RelationshipType(
    "EXPLAINS",
    "a reason: the model's claim, and what was measured of it",
    tuple((label, "Recommendation") for label in EVIDENCE_LABELS),
    (
        Property(
            "method",
            _S,
            "lrp, linear, affiliation, attention, …; fallback where the recommendation is no model's, but for people "
            "without any positive interaction; item_group and user_cluster are summaries: they repeat what other "
            "reasons say, and are never added to them",
            required=True,
        ),
        Property(
            "via",
            _S,
            "what it came through: self, factor:ID, relation:NAME, attribute:KIND, neighbours:KIND, co-taken, "
            "profile, popularity, or disliked: the user took the item and dislikes it (audit/disliked). Of a taken "
            "item, attribute:KIND says that it shares a value of the kind with the recommended item (audit/shared), "
            "and neighbours:KIND that it is near through other items joined by the kind",
            required=True,
        ),
        Property("set", _I, "number of the set it belongs to; 0 stands alone", required=True),
        Property("weight", _F, "of the row: what is claimed of the node through via, in weight_unit", required=True),
        Property("share", _F, "weight over the sum of absolute weights of all evidence", required=True),
        Property("percent", _S, "share as a person reads it, such as 12 %; <1 % and >-1 % next to zero", required=True),
        Property("rank", _I, "1, 2, … supporting; −1, −2, … opposing; in sets, of the whole set", required=True),
        Property(
            "net",
            _F,
            "of the node: its weight over all vias, stored or not; on the node's first row alone, null in sets",
        ),
        Property(
            "effect",
            _F,
            "of the node, measured: score before minus score without it, the model normalising again; on the node's "
            "first row alone, null if it cannot be removed",
        ),
        Property(
            "held_effect",
            _F,
            "of the node, measured: as effect, with denominators and lengths held; on the node's first row alone, null "
            "where the model does not normalise",
        ),
        Property("error", _F, "standard error of a sampled weight; null where the weight is exact"),
        Property("ground", _S, "the data pattern that makes it real", required=True),
        Property("anchor", _S, "id of the taken item through which it reaches the user"),
        Property("contrast", _S, "the rival item that overtakes"),
        Property("delta", _F, "this member's signed change; −1 for an input that is switched off"),
        Property(
            "amount",
            _F,
            "what the input has before its change: a feature's number in the user's profile; null for an input that is "
            "on or off",
        ),
        Property("joint_effect", _F, "measured for the whole set: score before minus score without all its members"),
        Property("flips", _B, "whether the whole set changes the ranking"),
        Property("set_of", _S, "what the members of a set have in common, such as attribute:item.genre=Horror"),
        Property("set_name", _S, "the same as a person reads it, such as genre Horror"),
    ),
    key=("method", "via", "set"),
    part="run",
)

VIA_ATTRIBUTE, VIA_NEIGHBOURS = "attribute", "neighbours"
"""Ways of ``EXPLAINS.via`` that name a kind of attribute after a colon."""
VIA_ENTITIES = "relation:entities"
"""The way of a taken item through the entities that the recommended one has too, by whatever relation."""
VIA_DISLIKED = "disliked"
"""The way of an item that the user took and dislikes."""
VIA_CO_TAKEN = "co-taken"
"""The way of a taken item that others took with the recommended one. ``neighbours:co-taken`` claims less: that it is
near through items that others took together, whatever these share."""

ITEM_GROUP, USER_CLUSTER = "item_group", "user_cluster"
SUMMARIES = (ITEM_GROUP, USER_CLUSTER)
"""Kinds of ``Factor`` that sum up a recommendation, and the methods of these reasons: an item group weighs what the
reasons through it weigh together, a user cluster how much the user belongs to it. Whatever adds up weights leaves them
out."""

FALLBACK = "fallback"
"""The method of reasons of people without any positive interaction: the model has nothing to say of these."""

GROUNDS = (
    "history",
    "item_attribute",
    "profile",
    "entity",
    "mentioned",
    "item_side",
    "factor",
    "rival_side",
    "popularity",
)
"""Data patterns that a reason may stand on; each has one audit in ``cypher/audit``."""

SCHEMA = GraphSchema(
    labels=(DATASET, USER, ITEM, ENTITY, ATTRIBUTE, FEATURE, FACTOR, RECOMMENDATION, RUN),
    relationships=(
        INTERACTED,
        CO_PURCHASED,
        FRIEND_OF,
        HAS_ENTITY,
        RELATED_TO,
        HAS_ATTRIBUTE,
        MENTIONED,
        BELONGS_TO,
        RECEIVED,
        SUGGESTS,
        FROM_RUN,
        EXPLAINS,
    ),
)
