"""Data of people who state what they like and dislike, and how well the reasons that are given know it."""
