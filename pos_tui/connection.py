"""Connection tests: one question without an effect to each outside that a config names.

Training asks its own sandbox, as always. Only the settings of a store that is being set up for real, on the
Configuração desk, ask the real outside, and for no more than a balance and a charge that is not there.
"""

from collections.abc import Callable

from pos_tui.config import Config
from pos_tui.domain.errors import ConfigError
from pos_tui.domain.money import format_brl
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused, Uncertain

UNKNOWN_CHARGE = "posTuiTesteDeConexao00000000000"


def check_topup(config: Config, sandbox: Callable[[], str]) -> tuple[bool, str]:
    """Ask the provider of top-ups for the balance: whether it answered, and a sentence about it."""
    from pos_tui.services.outside import topup_provider

    try:
        provider = topup_provider(config.topup.provider, config, sandbox)
    except ConfigError as error:
        return False, error.message
    try:
        outcome = provider.balance()
    finally:
        provider.close()
    if isinstance(outcome, Done):
        return True, f"A operadora respondeu. Saldo disponível: {format_brl(outcome.answer.available)}."
    return False, _why(outcome, "A operadora")


def check_pix(config: Config, sandbox: Callable[[], str]) -> tuple[bool, str]:
    """Ask the PSP for a charge that is not there: whether it knows the store, and a sentence about it."""
    from pos_tui.wiring import psp

    try:
        pix = psp(config, sandbox)
    except ConfigError as error:
        return False, error.message
    try:
        outcome = pix.find(UNKNOWN_CHARGE, 1)
    finally:
        pix.close()
    if isinstance(outcome, Done):
        return True, "O banco do Pix respondeu e conhece a loja."
    return False, _why(outcome, "O banco do Pix")


def _why(outcome: Outcome[object], whom: str) -> str:
    match outcome:
        case NotSent(why):
            return f"{whom} não foi alcançado(a): {why}"
        case Refused():
            return f"{whom} respondeu que não: {outcome.text or outcome.code}. Confira os dados e a senha."
        case Uncertain(why):
            return f"{whom} não deu uma resposta que se entenda: {why}"
        case _:
            return f"{whom} respondeu."
