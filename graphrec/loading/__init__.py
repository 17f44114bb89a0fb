"""What loaders share: their contract, reading of delimited files, co-purchase counting."""
