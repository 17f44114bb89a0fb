"""Collaborative filtering by neighbours: of items and of users."""
