"""The outside world of training mode: real servers on loopback, one ledger."""
