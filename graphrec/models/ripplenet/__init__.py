"""RippleNet: users as what spreads from their history through a knowledge graph."""
