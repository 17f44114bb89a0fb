// Remove the factors of fits that no run needs any more, in transactions of bounded size
MATCH (f:Factor)
WHERE NOT EXISTS { MATCH (r:Run) WHERE r.fit = f.fit }
CALL {
  WITH f
  DETACH DELETE f
} IN TRANSACTIONS OF 100 ROWS
