"""CONTRIBUTING's guides, followed step by step on a copy of the program."""
