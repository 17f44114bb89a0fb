"""eRAN: attribute networks out of co-purchases, and attention over which attribute matters to whom."""
