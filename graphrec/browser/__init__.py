"""What Neo4j Browser needs to show why: a style, favourites, and a photographer."""
