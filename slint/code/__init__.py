"""Handler source to facts that every language shares."""
