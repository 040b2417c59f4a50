"""Connection tests: one question without an effect to each outside that a config names.

Training asks its own sandbox, as always. Only the settings of a store that is being set up for real, on the
Configuração desk, ask the real outside, and for no more than a balance, a sign of life, and things that are
not there.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pos_tui.config import Config
from pos_tui.domain.errors import PosError
from pos_tui.domain.money import format_brl
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain

if TYPE_CHECKING:
    from pos_tui.till import Till

Checked = tuple[bool, str]
"""Whether it answered as it should, and a sentence about it."""
Test = Callable[[Config, "Till"], Checked | None]
"""Asks one outside; None where the config does not use it."""

UNKNOWN_CHARGE = "posTuiTesteDeConexao00000000000"
NOTHING = "Com estas respostas não há conexão a testar."


def check(name: str, config: Config, till: "Till") -> Checked | None:
    """Ask one outside as it would be asked with these settings. Never raises PosError."""
    try:
        return TESTS[name](config, till)
    except PosError as error:
        return False, error.message


def check_all(names: Iterable[str], config: Config, till: "Till") -> Checked:
    """Ask each outside in turn; one that does not answer hides nothing of the others."""
    found = [one for name in names if (one := check(name, config, till)) is not None]
    return all(right for right, _ in found), " ".join(told for _, told in found) or NOTHING


def check_topup(config: Config, till: "Till") -> Checked:
    """Ask the provider of top-ups for the balance."""
    from pos_tui.services.outside import topup_provider

    provider = topup_provider(config.topup.provider, config, lambda: till.sandbox.url)
    try:
        outcome = provider.balance()
    finally:
        provider.close()
    if isinstance(outcome, Done):
        return True, f"A operadora respondeu. Saldo disponível: {format_brl(outcome.answer.available)}."
    return False, _why(outcome, "A operadora")


def check_pix(config: Config, till: "Till") -> Checked | None:
    """Ask the PSP for a charge that is not there: whether it knows the store."""
    from pos_tui.wiring import psp

    if "pix" not in config.payment.methods:
        return None
    if not config.payment.pix.url:
        return True, "Pix sem API do banco: uma pessoa confere cada um, e não há o que testar."
    pix = psp(config, lambda: till.sandbox.url)
    try:
        outcome = pix.find(UNKNOWN_CHARGE, 1)
    finally:
        pix.close()
    return _told(outcome, "O banco do Pix", "conhece a loja")


def check_tef(config: Config, till: "Till") -> Checked | None:
    """Ask the TEF manager for a sign of life (ATV), on the till's own line to it where that is the one."""
    from pos_tui.wiring import tef_folders_busy, tef_on

    if "tef" not in config.payment.methods:
        return None
    running, tef = till.config, config.payment.tef
    practising = running.training and "tef" in running.payment.methods
    if config.training and not practising:
        return True, "O TEF do treino abre junto com o caixa: não há o que testar."
    if config.training or (not running.training and tef == running.payment.tef):
        return _told(till.tef.alive(), "O TEF", "está pronto")
    requests, responses = Path(tef.request_dir), Path(tef.response_dir)
    missing = [str(folder) for folder in (requests, responses) if not folder.is_dir()]
    if missing:
        return False, f"Não existe: {', '.join(missing)}. O gerenciador do TEF está instalado?"
    if left := tef_folders_busy(requests, responses):
        return False, f"Outro programa usa este TEF: {left} está na pasta. Feche-o, ou apague o que sobrou."
    return _told(tef_on(till, config, requests, responses).alive(), "O TEF", "está pronto")


def check_recurring(config: Config, till: "Till") -> Checked | None:
    """Ask the platform of monthly charges for a subscription that is not there."""
    from pos_tui.wiring import asaas

    if not config.charges_monthly:
        return None
    platform = asaas(config, lambda: till.sandbox.url)
    try:
        outcome = platform.find(UNKNOWN_CHARGE)
    finally:
        platform.close()
    return _told(outcome, "A plataforma do recorrente", "conhece a loja")


def check_subscribers(config: Config, till: "Till") -> Checked | None:
    """Ask the subscribers' ERP about nobody."""
    from pos_tui.services.subscriber_centre import erp

    if config.subscribers.provider == "local" or config.subscribers.why_off(config.training):
        return None
    provider = erp(config, lambda: till.sandbox.url)
    try:
        return _told(provider.knock(), "O ERP dos assinantes", "aceita a chave da loja")
    finally:
        provider.close()


def check_orders(config: Config, till: "Till") -> Checked | None:
    """Ask the online shop for the orders of the last day."""
    from pos_tui.services.orders_outside import shop

    if not (config.training or config.orders.url):
        return None
    provider = shop(config, lambda: till.sandbox.url)
    try:
        outcome = provider.page(till.now() - timedelta(days=1))
    finally:
        provider.close()
    return _told(outcome, "A loja virtual", "aceita o token deste caixa")


def check_mail(config: Config, till: "Till") -> Checked | None:
    """Greet the mail server; no letter leaves."""
    from pos_tui.services.orders_outside import mail_server

    server = mail_server(config)
    return None if server is None else _told(server.greet(), "O servidor de e-mail", "aceita este caixa")


TESTS: dict[str, Test] = {
    "topup": check_topup,
    "pix": check_pix,
    "tef": check_tef,
    "recurring": check_recurring,
    "subscribers": check_subscribers,
    "orders": check_orders,
    "mail": check_mail,
}
"""By the name that a group of settings, or a row of the doctor, calls it. A new outside adds its row."""


def _told(outcome: Outcome[object], whom: str, good: str) -> Checked:
    if isinstance(outcome, Done):
        return True, f"{whom} respondeu e {good}."
    return False, _why(outcome, whom)


def _why(outcome: Outcome[object], whom: str) -> str:
    match outcome:
        case NotSent(why):
            return f"{whom} não foi alcançado(a): {why}"
        case Refused(reason):
            doubt = "" if reason is RefusalClass.TRANSIENT else " Confira os dados e a senha."
            return f"{whom} respondeu que não: {outcome.text or outcome.code}{doubt}"
        case Uncertain(why):
            return f"{whom} não deu uma resposta que se entenda: {why}"
        case _:
            return f"{whom} respondeu."
