// All indexes and constraints, whoever made them
// One row each; an index that belongs to a constraint is that constraint.
SHOW INDEXES YIELD name, type, labelsOrTypes, properties, owningConstraint
RETURN coalesce(owningConstraint, name) AS name, type, labelsOrTypes AS labels, properties,
  owningConstraint IS NOT NULL AS constraint
