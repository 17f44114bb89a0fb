"""What can be measured: one file a kind of job."""
