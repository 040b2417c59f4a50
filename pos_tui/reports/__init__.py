"""Queries turned into titled tables."""
