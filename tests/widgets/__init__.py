"""The widgets: by pilot, and over a real pseudo-terminal where bytes matter."""
