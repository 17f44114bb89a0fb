"""The linear path: EASE beside a model, as a part of its score."""
