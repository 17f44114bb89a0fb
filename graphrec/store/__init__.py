"""What every store can do, and the two engines that do it."""
