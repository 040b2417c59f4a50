"""Use cases: they own the transactions and are the only callers of providers."""
