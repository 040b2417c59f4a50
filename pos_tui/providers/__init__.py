"""Adapters to the outside: they translate, never decide, never retry."""
