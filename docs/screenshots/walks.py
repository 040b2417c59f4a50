"""What the manual's pictures show: for each seed a store, what happened before, and the keys."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pos_tui.config import Config
from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.payment import Method
from pos_tui.domain.people import Role
from pos_tui.domain.reconciliation import Acquirer
from pos_tui.domain.values import replace
from pos_tui.services.practice import SetFault
from pos_tui.settings.payment import PaymentSettings
from pos_tui.settings.printer import PrinterSettings
from pos_tui.settings.recurring import RecurringSettings
from pos_tui.settings.statements import StatementSettings
from pos_tui.settings.store import StoreSettings, TillSettings
from pos_tui.till import Till
from tests.statements.writers.record import File, Listed
from tests.statements.writers.stone import stone

SELLER = "Israel Veiga"
ESTABLISHMENT = "123456789"
SUPERVISOR_PIN = "864209"


@dataclass(frozen=True, slots=True)
class Shot:
    """Keys to press, words that must come, and the picture's name; without a name no picture is taken."""

    keys: tuple[str, ...]
    expect: str
    name: str = ""
    meanwhile: Callable[[Till], None] = lambda till: None
    """What happens elsewhere after the keys: at the platform, at the acquirer."""
    waiting: bool = False
    """Whether the picture is of a till that waits for the outside: nobody waits for its end."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One flow from the start of the till."""

    name: str
    shots: tuple[Shot, ...]
    settings: Callable[[Path], Config]
    """Makes the settings, given a folder of its own."""
    before: Callable[[Till], None] = lambda till: None
    """What happened before the till was opened on the screen."""
    port: int = 0
    """Of the training world, where a picture shows it; any free one otherwise."""


def _settings(folder: Path, **parts: object) -> Config:
    return Config(
        store=StoreSettings(name="52 Centro", cnpj="12.345.678/0001-95"),
        till=TillSettings(first_sale=3637620, sellers=(SELLER,)),
        printer=PrinterSettings(transport="capture"),
        **parts,  # type: ignore[arg-type]
    )


def _lines(*texts: str) -> tuple[str, ...]:
    """The keys of fields that are left with Enter."""
    return tuple(key for text in texts for key in (*text, "enter"))


def _desk(name: str) -> tuple[str, ...]:
    """A desk by its name."""
    return ("ctrl+k", *name, "enter", "1")


# Seed 1: vivo GO, Conekta


def _top_up(line: str, value: str) -> tuple[str, ...]:
    """The keys of one Vivo top-up from the operator on."""
    return ("1", *line, *line, value)


TOP_UP = Walk(
    "seed 1",
    (
        Shot((), "0 de 5 pendências", "inicio"),
        Shot(("f6", *_lines("Rian Ricardo Coelho Barros", "52998224725")), "E-mail", "cadastro"),
        Shot((*"67998855662", "enter", "enter"), "Cliente: Rian"),
        Shot(("1", *"24998855662", *"24998855662"), "R$ 15,00", "recarga"),
        Shot(("4",), "Receba o pagamento"),
        Shot(("f10", "1", *"20", "enter"), "Troco: R$ 5,00", "pagamento"),
        Shot(("f10",), "Venda 3637620 salva"),
        Shot(("enter",), "Confirmar a recarga de", "confirmacao"),
        Shot(("enter",), "confirmada com sucesso", "confirmada"),
        Shot(("escape", "f3", *_top_up("67984115159", "2")), "98411-5159: pendente"),
        Shot((*_top_up("67985465464", "9"),), "98546-5464: pendente", "varias"),
        Shot(("f10", "1", "enter", "f10"), "Venda 3637621 salva", "pendentes"),
        Shot(("enter",), "67 98546-5464", "confirmar-varias"),
        Shot(("f1",), "Ajuda", "ajuda"),
    ),
    _settings,
)

# Seed 2: BEMP, PagoLivre

CATALOGUE = "codigo;nome;preco;tipo\nCOR1;Corte de cabelo;45,00;serviço\n"


def _with_recurring(folder: Path) -> Config:
    return _settings(
        folder,
        payment=PaymentSettings(methods=("cash", "card", "pix", "recurring")),
        recurring=RecurringSettings(mode="integrated"),
    )


def _sell_services(till: Till) -> None:
    till.products.import_csv(CATALOGUE, SELLER)


def _customer_pays(till: Till) -> None:
    from tests.sandbox import SandboxControl

    platform = SandboxControl(till.sandbox.url)
    (subscription,) = platform.call("POST", "asaas/view", {})["subscriptions"].values()
    platform.call("POST", "asaas/pay", {"reference": subscription["externalReference"]})


RECURRING = Walk(
    "seed 2",
    (
        Shot(("f6", *_lines("Maria Souza", "52998224725", "67999991234", "")), "Cliente: Maria"),
        Shot(("f9", *"COR1", "enter"), "Corte de cabelo: R$ 45,00", "itens"),
        Shot(("f10", "4"), "Parcelas", "credito-recorrente"),
        Shot(("3", "enter"), "Finalizar OS"),
        Shot(("f10",), "/asaas/i/pay_", "os-pendente"),
        Shot(("escape",), "Pagamento pendente", "os-na-lista"),
        Shot(("enter",), "existem pagamentos pendentes", meanwhile=_customer_pays),
        Shot(("f5",), "finalizada sozinha", "os-paga"),
    ),
    _with_recurring,
    _sell_services,
    port=8731,
)

# Seed 3: Vetor Farma, Boa Vista


def _with_statements(folder: Path) -> Config:
    return _settings(
        folder,
        statements=StatementSettings(
            layout="stone",
            inbox=str(folder / "in"),
            outbox=str(folder / "out"),
            rates=("stone * credit 1-12 2,49",),
        ),
    )


def _card_sales(till: Till) -> None:
    from tests.tills import add, new_sale

    till.reconciliation.set_code(till.config.store.name, Acquirer.STONE, ESTABLISHMENT, "", SELLER)
    for nsu, authorisation in (("100001", "A11112"), ("100002", "B22222")):
        sale = new_sale(till, SELLER)
        add(till, sale, 1500)
        card = CardDetails(CardKind.CREDIT, Brand.VISA, nsu, 1, authorisation, "4321")
        till.sales.add_payment(till.sales.get(sale.id), Method.CARD, 1500, card)
        till.sales.save(till.sales.get(sale.id))


def _statement_comes(till: Till) -> None:
    """The acquirer has both sales; of the first, another authorisation than was typed."""
    now = till.now()
    minute = now.hour * 60 + now.minute
    rest = (now.date(), minute, 1500, 37, "visa", "credit", 1, "4321", "1", (1500,))
    codes = (("100001", "A11111"), ("100002", "B22222"))
    listed = tuple(Listed(ESTABLISHMENT, nsu, code, *rest) for nsu, code in codes)
    inbox = Path(till.config.statements.inbox)
    inbox.mkdir(exist_ok=True)
    path = inbox / "stone-20210518.xml"
    path.write_bytes(stone(File(now.date(), 1, ESTABLISHMENT, listed)))
    ago = (now - timedelta(minutes=5)).timestamp()
    os.utime(path, (ago, ago))


RECONCILIATION = Walk(
    "seed 3",
    (
        Shot(_desk("Cartões"), "Pendente de envio 2", "recebimentos"),
        Shot(("e",), "Remessa gravada com 2", meanwhile=_statement_comes),
        Shot(("f5",), "Divergente: aut", "recebimentos-divergentes"),
        Shot(("c",), "lista do cliente"),
        Shot(("enter",), "Corrija", "recebimento-comparado"),
    ),
    _with_statements,
    _card_sales,
)

# Seed 4: Central do Assinante

SUBSCRIBER = Walk(
    "seed 4",
    (
        Shot((*_desk("Central"), *"silva", "enter"), "José Aparecido", "assinantes"),
        Shot(("enter",), "Extrato de ligação", "assinante"),
        Shot(("3",), "Extrato financeiro", "extrato-financeiro"),
        Shot(("escape", "5"), "Segunda via", "segunda-via"),
        Shot(("escape", "9"), "Atendimentos", "atendimentos"),
    ),
    _settings,
)

# Seed 5: the online shop

ORDERS = Walk(
    "seed 5",
    (
        Shot(_desk("Pedidos"), "lido(s)", "pedidos"),
        Shot(("enter",), "Histórico", "pedido"),
        Shot(("enter",), "Liberar o pedido", "pedido-liberar"),
    ),
    _settings,
)

# The drawer, and its desks

CASH = Walk(
    "caixa",
    (
        Shot(("f7",), "Caixa", "caixa"),
        Shot(("escape", "ctrl+s"), "Relatórios", "relatorios"),
    ),
    _settings,
)


def _day_in_cash(till: Till) -> None:
    """Opened, and a top-up paid in cash and confirmed."""
    from tests.tills import add, new_sale, pay_and_save

    till.cash.open(5000, SELLER)
    sale = new_sale(till, SELLER)
    topup = add(till, sale, 1500, "24998855662")
    pay_and_save(till, sale)
    till.topups.confirm(topup.id, SELLER)


CLOSING = Walk(
    "fechamento",
    (
        Shot(("f7",), "Caixa nº 1 aberto"),
        Shot(("6", "enter", "enter", "1", "enter", "enter", "1", "enter", "1"), "R$ 65,00", "contagem"),
        Shot(("enter", "enter", "enter"), "Confere.", "fechamento"),
        Shot(("f",), "FECHAMENTO DE CAIXA - Z", "fechamento-z"),
    ),
    _settings,
    _day_in_cash,
)

# TEF, on the practice manager


def _with_tef(folder: Path) -> Config:
    return _settings(folder, payment=PaymentSettings(methods=("cash", "card", "pix", "tef")))


def _manager_falls_silent(till: Till) -> None:
    """It takes the next card and says no more, so that the waiting can be seen."""
    till.practice.set(SetFault("tef", "CRT", "silent", 1))


TEF = Walk(
    "tef",
    (
        Shot(_desk("TEF"), "TEF", "tef"),
        Shot(("escape", "f3", "1", *"24998855662", *"24998855662", "4"), "Receba o pagamento"),
        Shot(("f10", "4", "enter"), "Crédito", "pagamento-tef", _manager_falls_silent),
        Shot(("2", "enter"), "Siga as instruções do pinpad", "tef-espera", waiting=True),
        Shot(("a", *_lines("Ana Souza", "O TEF parou de vez")), "incerto"),
    ),
    _with_tef,
)

# Setting up, and looking after it

OF_THIS_MACHINE = {
    "versions": "pos-tui 0.1.0, Python 3.11, SQLite 3.40, textual 8.2, peewee 4.5, httpcore 1.0, "
    "Linux x86_64.",
    "terminal": "xterm-256color, 256 cores ou mais, 80x24.",
    "files.folder": "/home/caixa/.local/share/pos-tui (700)",
    "clock": "18/05/2021 09:33 (America/Campo_Grande).",
    "disk": "74.1 GB livres em /home/caixa/.local/share/pos-tui.",
    "database": "/home/caixa/.local/share/pos-tui/training.db inteiro.",
}
"""What the diagnosis finds of the machine that takes the picture, told as of a counter's."""


def _on_a_counters_machine(_: Till) -> None:
    """Everything else that the diagnosis finds is real."""
    from pos_tui import doctor

    looked = doctor.look

    def look(checks: Iterable[tuple[str, str, doctor.Check]]) -> Iterator[doctor.Finding]:
        for one in looked(checks):
            words = OF_THIS_MACHINE.get(one.name)
            yield replace(one, level=doctor.Level.OK, words=words) if words else one

    doctor.look = look


CARE = Walk(
    "cuidado",
    (
        Shot(_desk("Diagnóstico"), "itens conferidos", "diagnostico"),
        Shot(("escape", *_desk("Configuração")), "Assistente"),
        Shot(("1",), "CNPJ", "assistente"),
    ),
    _settings,
    _on_a_counters_machine,
)

# What supervisors use


def _people(till: Till) -> None:
    """A supervisor and a cashier, something in the catalogue, and a pending top-up."""
    from tests.tills import add, new_sale, pay_and_save

    till.operators.create_first("Ana Souza", SUPERVISOR_PIN)
    till.operators.enter(1, SUPERVISOR_PIN)
    till.operators.create(2, SELLER, Role.CASHIER, "7531", "Ana Souza")
    till.products.import_csv(CATALOGUE, "Ana Souza")
    sale = new_sale(till, SELLER)
    add(till, sale, 1500, "24998855662")
    pay_and_save(till, sale)
    till.operators.leave("fim")


SUPERVISOR = Walk(
    "supervisor",
    (
        Shot((), "Operador nº"),
        Shot(("1", "enter"), "> PIN", "entrada"),
        Shot((*SUPERVISOR_PIN, "enter"), "Bem-vindo"),
        Shot(_desk("Operadores"), "Ana Souza", "operadores"),
        Shot(("escape", *_desk("Supervisão")), "24 99885-5662", "supervisao"),
        Shot(("escape", *_desk("Trilha")), "Catálogo: importado", "trilha"),
        Shot(("escape", *_desk("Catálogo")), "Corte de cabelo", "catalogo"),
        Shot(("escape", *_desk("Configuração")), "O que mudar", "configuracao"),
        Shot(("escape", *_desk("Saldo")), "Saldo lido agora", "saldo"),
        Shot(("escape", *_desk("Falhas")), "Onde", "falhas"),
        Shot(("escape", *_desk("Titular")), "Procurar", "titular"),
    ),
    _settings,
    _people,
)

WALKS = (SUPERVISOR, TOP_UP, RECURRING, RECONCILIATION, SUBSCRIBER, ORDERS, CASH, CLOSING, TEF, CARE)
