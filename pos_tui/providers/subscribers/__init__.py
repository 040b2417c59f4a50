"""Adapters of the ERPs of internet providers, and the readers of their databases of usage."""
