// Names of the constraints and indexes that are there
SHOW INDEXES YIELD name
RETURN collect(name) AS names
