// What is indexed, and what of it is unique, whatever the indexes are called
SHOW INDEXES YIELD labelsOrTypes, properties, owningConstraint
WHERE size(labelsOrTypes) = 1 AND size(properties) = 1
RETURN labelsOrTypes[0] AS label, properties[0] AS property, owningConstraint IS NOT NULL AS unique
