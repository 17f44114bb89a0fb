"""RippleNet: users represented by the facts that their history reaches in a knowledge graph."""
