"""From weighed evidence to ranked reasons."""
