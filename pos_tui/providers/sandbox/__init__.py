"""The outside world of training mode: a real server on loopback, in a process of its own.

It speaks the wire formats of the real providers (one module each, a `Dialect`) from one ledger that
counts every effect, and misbehaves on demand. `python -m pos_tui.providers.sandbox --help`.
"""

STORE = "TREINAMENTO"
USER = "treino"
KEY = "treinamento"
"""What every dialect takes as password; the sandbox guards nothing, it only tells right from wrong."""

# Where a till looks for it: here, so that knowing an address does not load the server behind it.
READY = "sandbox listening on "
"""First words of the one line on standard output, before the address."""
TEF_READY = "pronto"
PIX_PATH = "/pix/api/v2"
PIX_TOKEN_PATH = "/pix/oauth/token"  # noqa: S105 - an address
ASAAS_PATH = "/asaas/v3"
