"""Who is sold to."""

from dataclasses import dataclass

CONSUMER = "Consumidor"
"""The customer when nobody has the time to register one (seed 1)."""

PORTFOLIO_REMINDER = "O ideal é cadastrar o cliente: mantém a carteira da loja sempre atualizada."


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody of the store's portfolio."""

    id: str
    name: str
    document: str = ""
    phone: str = ""
    email: str = ""
