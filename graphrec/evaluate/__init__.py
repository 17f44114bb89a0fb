"""What a model's rankings are worth."""
