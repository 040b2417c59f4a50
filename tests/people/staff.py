"""People for tests: one supervisor, two cashiers."""

from pos_tui.domain.people import Operator, Role
from pos_tui.till import Till

BOSS, BOSS_PIN = "Israel Veiga", "204080"
ANA, ANA_PIN = "Ana Prado", "2580"
BETO, BETO_PIN = "Beto Lima", "7391"
WHY = "combinado por telefone"


def hire(till: Till) -> tuple[Operator, Operator, Operator]:
    """Register supervisor 1, cashiers 2 and 3; nobody is logged in afterwards."""
    boss = till.operators.create_first(BOSS, BOSS_PIN)
    till.guard.operator = boss
    ana = till.operators.create(2, ANA, Role.CASHIER, ANA_PIN, BOSS)
    beto = till.operators.create(3, BETO, Role.CASHIER, BETO_PIN, BOSS)
    till.guard.operator = None
    return boss, ana, beto
