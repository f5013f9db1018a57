"""What makes users wait for a cold start, and remedies that have no effect."""
