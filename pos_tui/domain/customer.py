"""Who is sold to."""

from msgspec import Struct

CONSUMER = "Consumidor"
"""The customer when nobody has the time to register one (seed 1)."""

PORTFOLIO_REMINDER = "O ideal é cadastrar o cliente: mantém a carteira da loja sempre atualizada."


class Customer(Struct, frozen=True):
    """Somebody of the store's portfolio."""

    id: str
    name: str
    document: str = ""
    phone: str = ""
    email: str = ""
