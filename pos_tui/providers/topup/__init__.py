"""Top-up providers."""
