"""The pictures of the manual."""
