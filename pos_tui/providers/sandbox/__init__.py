"""The outside world of training mode: a real server on loopback, in a process of its own.

It speaks the wire formats of the real providers (one module each, a `Dialect`) from one ledger that
counts every effect, and misbehaves on demand. `python -m pos_tui.providers.sandbox --help`.
"""

STORE = "TREINAMENTO"
USER = "treino"
KEY = "treinamento"
"""What every dialect takes as password; the sandbox guards nothing, it only tells right from wrong."""
