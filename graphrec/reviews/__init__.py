"""What texts of reviews say of features: from texts to mentions, one for each user, item and feature."""
