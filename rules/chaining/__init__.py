"""Functions that wait: for other functions, for jobs, for time to pass."""
