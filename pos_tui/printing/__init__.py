"""Receipts: one layout, three renderings."""
