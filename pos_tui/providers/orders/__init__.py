"""Adapters of the platforms that online shops run on."""
