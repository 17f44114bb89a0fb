"""The test suite. A package, so that no other distribution called tests is found in its place."""
