"""EMF: matrix factorisation that draws users to the items that their neighbours explain."""
