"""What a model's reasons are worth, for any model and any order of evidence, in batches."""
