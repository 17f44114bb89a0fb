"""Why-graphs in Neo4j Browser: a style, favourites, and pictures."""
