"""Columns made into values that items share: numbers in bins, key terms of texts, without what everybody has."""
