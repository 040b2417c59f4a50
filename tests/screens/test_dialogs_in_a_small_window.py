"""Dialogs at 40x12, reached by keys: title, field or question, and the way out are in sight."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pos_tui.domain.reconciliation import Acquirer
from pos_tui.settings.statements import StatementSettings
from pos_tui.till import Till
from pos_tui.widgets.form import Form
from tests.items.goods import stock
from tests.people.staff import ANA_PIN, hire
from tests.people.test_boards import uncertain
from tests.recurring.os import Platform, monthly, sent
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk
from tests.screens.test_card_receipts import CODE, listed, receive, sell
from tests.subscribers.desk import paid, received
from tests.tills import add, new_sale, open_till, pay_and_save, settings

SMALL = (40, 12)
World = Callable[[Path, SandboxControl], Till]


@dataclass(frozen=True)
class Case:
    """One dialog: the store it is opened in, how it is reached, and what must be seen."""

    name: str
    world: World
    steps: tuple[str, ...]
    """Keys by Textual's names; `'text` is typed, `=words` waits for words."""
    title: str
    seen: tuple[str, ...]


def plain(folder: Path, sandbox: SandboxControl) -> Till:
    """A counter with a catalogue."""
    till = open_till(folder, sandbox)
    stock(till)
    return till


def selling(folder: Path, sandbox: SandboxControl) -> Till:
    """A sale with a pending top-up and a product is open."""
    till = plain(folder, sandbox)
    add(till, new_sale(till))
    return till


def sold(folder: Path, sandbox: SandboxControl) -> Till:
    """A paid sale with a pending top-up is in the list."""
    till = plain(folder, sandbox)
    till.cash.open(5000, "Ana")
    sale = new_sale(till)
    add(till, sale)
    pay_and_save(till, sale)
    return till


def staffed(folder: Path, sandbox: SandboxControl) -> Till:
    """People who have to enter."""
    till = sold(folder, sandbox)
    hire(till)
    return till


def doubtful(folder: Path, sandbox: SandboxControl) -> Till:
    """A card payment of which nobody knows the end."""
    till = open_till(folder, sandbox)
    uncertain(till)
    return till


def reconciling(folder: Path, sandbox: SandboxControl) -> Till:
    """One receipt differs from what the acquirer has, one has nothing on the other side."""
    chosen = StatementSettings(layout="stone", inbox=str(folder / "in"), outbox=str(folder / "out"))
    till = open_till(folder / "till", sandbox, settings(statements=chosen))
    for branch in range(5):
        till.reconciliation.set_code(f"Filial {branch}", Acquirer.STONE, f"{branch}{CODE}"[:9], "", "Ana")
    till.reconciliation.set_code(till.config.store.name, Acquirer.STONE, CODE, "", "Ana")
    sell(till, "100001", "A11112")
    receive(till, listed(till, "100001", "A11111"))
    return till


def monthly_os(folder: Path, sandbox: SandboxControl) -> Till:
    """An OS waits for its link to be paid."""
    till = open_till(folder, sandbox, monthly())
    sent(till)
    return till


def monthly_paid(folder: Path, sandbox: SandboxControl) -> Till:
    """An OS whose first instalment was paid."""
    till = open_till(folder, sandbox, monthly())
    attempt = sent(till)
    Platform(sandbox).pay(attempt)
    till.recurring.attempts.ask(attempt.id, "Ana")
    return till


def monthly_by_hand(folder: Path, sandbox: SandboxControl) -> Till:
    """An OS of the manual mode."""
    till = open_till(folder, sandbox, monthly("manual"))
    sent(till)
    return till


def unsettled(folder: Path, sandbox: SandboxControl) -> Till:
    """A bill was received and nobody knows whether the provider settled it."""
    till = open_till(folder, sandbox)
    sale = paid(till, received(till))
    sandbox.fault("lost", "confirm")
    sandbox.fault("bad_gateway", "status", times=None)
    till.closing.finish(sale.id)
    return till


def desk(name: str, *then: str) -> tuple[str, ...]:
    """The keys to a desk by its name."""
    return ("ctrl+k", "=Comandos", f"'{name}", "enter", "=1 ", "1", *then)


def order(number: str) -> tuple[str, ...]:
    """The keys to an order by its number."""
    find = ("f6", "=Filtrar", f"'{number}", *["enter"] * 6, f"=«{number}»", "@list", "enter")
    return desk("Pedidos", "=lido(s)", *find, f"=Pedido {number}", "=Próxima ação")


SUBSCRIBER = desk("Central", "=Assinante", "'jose", "enter", "=José", "@list", "enter", "=Extrato de")
ENTER = ("=Operador nº", "'2", "enter", f"'{ANA_PIN}", "enter", "=Bem-vindo")

CASES = (
    Case("menu", plain, ("f12",), "Menu", ("Mesas", "1 ")),
    Case("commands", plain, ("ctrl+k",), "Comandos", ()),
    Case("leaving", plain, ("ctrl+q",), "Sair do programa?", ("S Sair", "Enter/N Ficar")),
    Case("register", plain, ("f6",), "", ("Nome",)),
    Case("new sale", selling, ("f2",), "Nova venda", ("A Abandonar",)),
    Case("take a top-up off", selling, ("f3", "f8"), "Remover recarga", ()),
    Case("items", plain, ("f9",), "Itens da venda", ()),
    Case("sale filter", sold, ("f4", "@list", "f6"), "Filtrar vendas", ("Cliente",)),
    Case("invoice number", sold, ("f4", "@list", "n"), "NF da venda", ()),
    Case("refund", sold, ("f4", "@list", "f8"), "Estornar pagamento", ("Motivo",)),
    Case("confirmation", sold, ("f4", "@list", "enter"), "Confirmação da recarga", ("Confirmar a recarga",)),
    Case(
        "cancel a top-up", sold, ("f4", "@list", "enter", "=Confirmar", "f8"), "Cancelar recarga", ("Motivo",)
    ),
    Case("papers owed", sold, ("ctrl+o",), "Impress", ()),
    Case("printer", plain, ("ctrl+x",), "Impressora", ()),
    Case("withdrawal", sold, ("f7", "=Abertura", "3"), "Caixa", ("Valor", "Motivo")),
    Case(
        "count",
        sold,
        ("f7", "=Abertura", "0", "=Fechamento", "3"),
        "Contagem do caixa",
        ("Notas de R$ 200", "Enter Próximo"),
    ),
    Case(
        "closing",
        sold,
        ("f7", "=Abertura", "0", "=Fechamento", "3", "=Contagem", *["enter"] * 8),
        "Fechar o caixa?",
        ("Contado", "F Fechar o caixa"),
    ),
    Case("X reading", sold, ("f7", "=Abertura", "0", "=Leitura X", "2"), "Leitura X", ()),
    Case("enter", staffed, (), "Entrar no caixa", ("Operador nº", "PIN")),
    Case(
        "override",
        staffed,
        (*ENTER, "f7", "=Abertura", "3", "'10", "enter", "'cofre", "enter"),
        "Autorizar:",
        ("Supervisor nº", "PIN"),
    ),
    Case("new operator", plain, desk("Operadores", "=Operadores", "f6"), "Novo operador", ("Nome",)),
    Case(
        "new PIN",
        staffed,
        (
            "=Operador nº",
            "'1",
            "enter",
            "'204080",
            "enter",
            "=Bem-vindo",
            *desk("Operadores", "=Ana Prado", "@list", "f9"),
        ),
        "PIN novo de",
        ("PIN",),
    ),
    Case(
        "ruling", doubtful, desk("Supervisão", "=TEF", "@list", "enter"), "Decidir o pagamento", ("Decisão",)
    ),
    Case("trail search", plain, desk("Trilha", "@list", "=F6 muda.", "f6"), "Procurar na trilha", ()),
    Case("person search", plain, desk("Titular"), "Procurar titular", ()),
    Case("catalogue entry", plain, desk("Catálogo", "@list", "f6"), "Novo item do catálogo", ("Código",)),
    Case("report filter", sold, ("ctrl+s", "=Vendas", "1", "=Vendas", "@list", "f6"), "Filtr", ()),
    Case("receipts filter", reconciling, desk("Cartões", "@list", "f6"), "Filtrar recebimentos", ("De",)),
    Case(
        "establishment codes",
        reconciling,
        desk("Cartões", "@list", "f9"),
        "Código de estabelecimento",
        ("Filial", "PgDn mostra mais"),
    ),
    Case("files", reconciling, desk("Cartões", "@list", "a"), "Arquivos das adquirentes", ()),
    Case(
        "correction",
        reconciling,
        desk("Cartões", "@list", "f5", "=Divergente", "enter", "=A11111", "c"),
        "Corrigir recebimento",
        ("Autorização",),
    ),
    Case(
        "link",
        reconciling,
        desk("Cartões", "@list", "f5", "=Divergente", "enter", "=A11111", "l"),
        "Ligar à mão",
        (),
    ),
    Case(
        "records",
        reconciling,
        desk("Cartões", "@list", "f5", "=Divergente", "enter", "=A11111", "o"),
        "Registros da adquirente",
        (),
    ),
    Case(
        "subscriber's own login",
        plain,
        desk("Central", "=Assinante", "f8"),
        "O assinante se identifica",
        ("Senha",),
    ),
    Case("calls", plain, (*SUBSCRIBER, "1"), "Extrato de ligação", ("De", "Até", "Tipo de terminação")),
    Case("connections", plain, (*SUBSCRIBER, "2"), "Extrato de conexões", ("De", "Até")),
    Case("Cielo", plain, (*SUBSCRIBER, "7"), "Cartão de crédito: CIELO", ()),
    Case("enabling", plain, (*SUBSCRIBER, "8"), "Habilitação provisória", ("Plano",)),
    Case(
        "enabling, sure",
        plain,
        (*SUBSCRIBER, "8", "=Plano", "enter"),
        "Habilitação provisória",
        ("S Habilitar",),
    ),
    Case("tickets filter", plain, (*SUBSCRIBER, "9", "@list", "f6"), "Filtrar atendimentos", ("Campo",)),
    Case("credit", plain, (*SUBSCRIBER, "0", "@list", "f6"), "Compra de crédito", ("Crédito",)),
    Case(
        "credit, sure",
        plain,
        (*SUBSCRIBER, "0", "@list", "f6", "=SMS", "1", "enter"),
        "Compra de crédito",
        ("C Comprar",),
    ),
    Case(
        "ruling of a request",
        unsettled,
        desk("Central", "=Assinante", "f5", "@list", "=incerta", "f8"),
        "Decidir o pedido",
        ("Decisão",),
    ),
    Case("orders filter", plain, desk("Pedidos", "=lido(s)", "f6"), "Filtrar pedidos", ()),
    Case("approve an order", plain, (*order("1001"), "a"), "Aprovar pagamento?", ("A Aprovar pagamento",)),
    Case("cancel an order", plain, (*order("1001"), "c"), "Cancelar este pedido?", ("C Cancelar",)),
    Case("stock check", plain, (*order("1004"), "l"), "Liberar o pedido 1004", ("Tem ",)),
    Case("invoice", plain, (*order("1005"), "f"), "", ("série 1, do ERP",)),
    Case("dispatch", plain, (*order("1006"), "d"), "Despachar o pedido 1006", ("rastreio",)),
    Case("delivered", plain, (*order("1007"), "e"), "Marcar como entregue?", ("E Marcar",)),
    Case("delivered, sure", plain, (*order("1007"), "e", "e"), "Tem certeza?", ("S Sim",)),
    Case("print an order", plain, (*order("1006"), "i"), "Imprimir de", ("Papel",)),
    Case(
        "give an instalment back",
        monthly_paid,
        ("f4", "@list", "enter", "=Confirmad", "@list", "d"),
        "Devolver a parcela",
        ("Motivo",),
    ),
    Case(
        "end the charges",
        monthly_paid,
        ("f4", "@list", "enter", "=Confirmad", "f8"),
        "Encerrar as cobranças",
        ("Motivo",),
    ),
    Case(
        "Pix",
        selling,
        ("f10", "=Forma", "0", "=página 2", "1", "enter"),
        "Pix de R$ 15,00",
        ("Copia e cola", "S Recebido"),
    ),
    Case("set-up", plain, desk("Configuração", "=Assistente", "1"), "Assistente", ("Nome da loja",)),
    Case("settings", plain, desk("Configuração", "=Assistente", "2"), "Configuração: Loja", ("Nome",)),
    Case(
        "attempt",
        monthly_os,
        ("f4", "@list", "enter", "=Crédito recorrente", "f8"),
        "Cancelar a tentativa",
        ("C Cancelar a tentativa",),
    ),
    Case(
        "instalment",
        monthly_by_hand,
        ("f4", "@list", "enter", "=Aguardando", "@list", "enter"),
        "Parcela 1",
        ("Situação",),
    ),
)


def at_list(desk: Desk) -> bool:
    """Whether a list has the keys."""
    return type(desk.app.focused).__name__ == "LineList"


async def reach(desk: Desk, steps: tuple[str, ...]) -> None:
    """Press, type and wait."""
    for step in steps:
        if step == "@list":
            await desk.until(lambda: at_list(desk), "the list")
        elif step.startswith("="):
            await desk.see(step[1:])
        elif step.startswith("'"):
            await desk.type(step[1:])
        else:
            await desk.press(step)


def headed(desk: Desk, title: str) -> bool:
    """Whether the first line is this title; an error's has a sign before it."""
    return "".join(desk.lines()[:1]).strip().lstrip("! ").startswith(title)


def field_in_sight(desk: Desk) -> bool:
    """Whether a form with the keys shows where they go."""
    return not isinstance(desk.app.focused, Form) or any(line.startswith("> ") for line in desk.lines())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_everything_that_matters_is_in_sight(
    case: Case, tmp_path: Path, sandbox: SandboxControl
) -> None:
    till = case.world(tmp_path, sandbox)
    try:
        async with at_desk(till, SMALL) as here:
            await reach(here, case.steps)
            await here.until(lambda: headed(here, case.title), f"the title {case.title}")
            await here.see(*case.seen)
            await here.until(lambda: "Esc" in here.lines()[-1] or "Enter" in here.lines()[-1], "a way out")
            await here.until(lambda: field_in_sight(here), "the field")
    finally:
        till.close()
