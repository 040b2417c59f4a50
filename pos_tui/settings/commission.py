"""What sellers earn."""

from typing import TYPE_CHECKING

from pos_tui.settings import Section, choice

if TYPE_CHECKING:
    from pos_tui.domain.commission import Rates


class CommissionSettings(Section, frozen=True, kw_only=True):
    """The part of confirmed top-ups that goes to whoever sold them, for the report of commissions."""

    basis: str = "margin"
    """`margin`: of what the store kept; `sold`: of what the customer paid."""
    percent: str = "0"
    """Text, as people write it: `2,5`."""
    items: str = "0"
    """Text; of what was charged for services and products, whose cost nobody tells."""
    sellers: tuple[str, ...] = ()
    """Who has a rate of their own: `Adriana Gonçalves: 3`."""

    def problem(self) -> str | None:
        """Say what is wrong with the basis or a percentage, or None."""
        from pos_tui.domain.commission import Basis, parse_percent, parse_seller_rate

        if wrong := choice("commission.basis", self.basis, tuple(Basis)):
            return wrong
        for key in ("percent", "items"):
            try:
                parse_percent(getattr(self, key))
            except ValueError:
                return f'«commission.{key}» é {getattr(self, key)!r}. Escreva a porcentagem como "2,5".'
        for line in self.sellers:
            try:
                parse_seller_rate(line)
            except ValueError:
                return f'«commission.sellers»: {line!r}. Escreva nome e porcentagem, como "Ana Prado: 2,5".'
        return None

    @property
    def rates(self) -> "Rates":
        """Return them as the report uses them."""
        from pos_tui.domain.commission import Basis, Rates, parse_percent, parse_seller_rate
        from pos_tui.domain.text import fold

        own = {fold(name): rate for name, rate in map(parse_seller_rate, self.sellers)}
        return Rates(Basis(self.basis), parse_percent(self.percent), own, parse_percent(self.items))
