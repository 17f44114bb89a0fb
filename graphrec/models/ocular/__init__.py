"""OCuLaR: overlapping co-clusters of users and items."""
