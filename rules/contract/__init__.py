"""What code and template promise each other."""
