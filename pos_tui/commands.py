"""The one registry of what a person can do: keys, label, tooltip and help of every command.

Footer, F1, the command palette and `docs/keys.md` are made from it; no screen keeps a key of its own. Keys
are data, so that a preset can move them. Every essential command has a second key, since terminals eat F1,
F10 and F11.
"""

import argparse
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Place(StrEnum):
    """Where a command works."""

    ANYWHERE = "Em qualquer lugar"
    START = "Início"
    RECHARGE = "Recarga"
    PAYMENT = "Pagamento"
    SALES = "Lista de vendas"
    CONFIRMATION = "Confirmação da recarga"
    CASH = "Caixa"
    PEOPLE = "Operadores"
    OVERSIGHT = "Supervisão"
    TRAIL = "Trilha de auditoria"


DIALOGS = frozenset({Place.CONFIRMATION, Place.CASH, Place.PEOPLE, Place.OVERSIGHT, Place.TRAIL})
"""Places that cover the sale."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do."""

    id: str
    keys: tuple[str, ...]
    """Textual's names; the first is the one shown."""
    label: str
    """At most twelve letters: it stands in the footer."""
    tooltip: str
    """A whole sentence: what it does, and what it never does."""
    place: Place = Place.ANYWHERE
    footer: int = 0
    """How much it is wanted in the footer, 1 the most; 0 for not there."""
    labels: tuple[tuple[Place, str], ...] = ()
    """Its label where it means something else: F10 saves on the payment tab."""

    @property
    def key_words(self) -> list[str]:
        """Its keys as the counter reads them; what has none of its own is in the menu."""
        return [key_words(key) for key in self.keys] or ["F12"]

    def label_at(self, place: Place) -> str:
        """Return its label in a place."""
        return dict(self.labels).get(place, self.label)


COMMANDS: tuple[Command, ...] = (
    Command("help", ("f1", "ctrl+g"), "Ajuda", "Explica o lugar onde você está e suas teclas.", footer=99),
    Command(
        "new_sale",
        ("f2", "ctrl+n"),
        "Nova venda",
        "Volta ao Início. Com uma venda em andamento, pergunta antes de abandoná-la.",
        footer=5,
    ),
    Command(
        "recharge",
        ("f3", "ctrl+r"),
        "Recarga",
        "Abre a aba Recarga, pronta para o número da linha.",
        footer=2,
    ),
    Command(
        "sales",
        ("f4", "ctrl+l"),
        "Vendas",
        "Abre a Lista de vendas do dia; de novo, alterna só as pendentes, as mais antigas primeiro.",
        footer=3,
        labels=((Place.SALES, "Pendências"),),
    ),
    Command(
        "ask",
        ("f5", "ctrl+t"),
        "Consultar",
        "Pergunta à operadora ou relê a tela. Nunca cobra e nunca credita.",
        footer=6,
    ),
    Command(
        "payment",
        ("f10", "ctrl+p"),
        "Pagamento",
        "Abre a aba Pagamento; nela, salva a venda.",
        footer=1,
        labels=((Place.PAYMENT, "Salvar"),),
    ),
    Command(
        "cash",
        ("f7", "ctrl+w"),
        "Caixa",
        "Abertura, suprimento, sangria, devolução, leitura X e fechamento.",
        footer=8,
    ),
    Command(
        "menu",
        ("f12", "ctrl+a"),
        "Menu",
        "Lista as outras mesas: caixa, relatórios, operadores, supervisão, trilha.",
    ),
    Command(
        "lock",
        ("ctrl+e", "f11"),
        "Bloquear",
        "Bloqueia a tela. Outro operador que entre assume a venda em andamento.",
    ),
    Command("palette", ("ctrl+k",), "Comandos", "Lista todos os comandos para escolher pelo nome."),
    Command("owed_papers", ("ctrl+o",), "Impressões", "Mostra os papéis que a impressora ainda deve."),
    Command(
        "printer",
        ("ctrl+x",),
        "Impressora",
        "Encontra a impressora com você: página de teste, perguntas, e grava a configuração dela.",
    ),
    Command(
        "reports",
        ("ctrl+s",),
        "Relatório",
        "Abre o relatório de recargas: período, status, vendedor e filial; em papel ou CSV.",
    ),
    Command(
        "balance",
        ("ctrl+v",),
        "Saldo",
        "Pergunta à operadora o saldo da loja e mostra custo e margem das recargas de hoje.",
    ),
    Command(
        "quit", ("ctrl+q",), "Sair", "Fecha o caixa. O que está em andamento fica gravado e volta ao abrir."
    ),
    Command(
        "register",
        ("f6", "ctrl+f"),
        "Cadastrar",
        "Cadastra um cliente novo sem perder a venda.",
        Place.START,
        footer=4,
    ),
    Command(
        "add_item",
        ("plus",),
        "Adicionar",
        "Adiciona a recarga, como o botão adicionar; o número do valor, ou Enter no último campo, faz o mesmo.",
        Place.RECHARGE,
    ),
    Command(
        "remove_item",
        ("f8", "ctrl+d"),
        "Remover",
        "Retira da venda a última recarga pendente, com a reserva desfeita.",
        Place.RECHARGE,
        footer=4,
    ),
    Command(
        "reload_values",
        ("f6", "ctrl+f"),
        "Valores",
        "Busca de novo na operadora os valores oferecidos.",
        Place.RECHARGE,
        footer=7,
    ),
    Command(
        "resend",
        ("e", "ctrl+y"),
        "Reenviar",
        "Envia de novo a reserva que não saiu, com o mesmo número; refaz a que expirou, com outro.",
        Place.RECHARGE,
        footer=8,
    ),
    Command(
        "add_payment",
        ("plus",),
        "Adicionar",
        "Adiciona a forma de pagamento, como o botão (+); Enter no último campo faz o mesmo.",
        Place.PAYMENT,
        footer=7,
    ),
    Command(
        "remove_payment",
        ("f8", "ctrl+d"),
        "Remover",
        "Retira a última forma de pagamento: desfaz o TEF aprovado, desiste do Pix, estorna com supervisor.",
        Place.PAYMENT,
        footer=5,
    ),
    Command(
        "resume_payment",
        ("e", "ctrl+y"),
        "Retomar",
        "Envia o TEF ou Pix que não saiu, com o mesmo número, ou mostra o QR de novo.",
        Place.PAYMENT,
        footer=8,
    ),
    Command(
        "show_pix",
        ("f6", "ctrl+f"),
        "QR Pix",
        "Mostra o QR Pix do valor que falta.",
        Place.PAYMENT,
        footer=4,
    ),
    Command(
        "open_sale",
        ("enter",),
        "Abrir",
        "Abre as recargas da venda marcada: confirmar, cancelar, imprimir.",
        Place.SALES,
    ),
    Command(
        "filter",
        ("f6", "ctrl+f"),
        "Filtrar",
        "Filtra por cliente, número, vendedor e dia.",
        Place.SALES,
        footer=5,
    ),
    Command(
        "reprint",
        ("f9", "ctrl+b"),
        "2ª via",
        "Imprime de novo, marcado como reimpressão.",
        Place.SALES,
        footer=4,
    ),
    Command(
        "refund",
        ("f8", "ctrl+d"),
        "Estornar",
        "Devolve um pagamento da venda marcada, com o nome do supervisor e o motivo.",
        Place.SALES,
        footer=8,
    ),
    Command(
        "invoice",
        ("n", "ctrl+y"),
        "NF",
        "Anota o número da nota fiscal na venda marcada.",
        Place.SALES,
        footer=7,
    ),
    Command(
        "confirm",
        ("enter",),
        "Confirmar",
        "Credita a recarga na linha do cliente. Não tem volta.",
        Place.CONFIRMATION,
        footer=1,
    ),
    Command(
        "cancel",
        ("f8", "c"),
        "Cancelar",
        "Cancela uma recarga pendente, com o motivo. Confirmada não se cancela.",
        Place.CONFIRMATION,
        footer=2,
    ),
    Command(
        "send",
        ("e",),
        "Enviar",
        "Envia de novo a reserva que não saiu, com o mesmo número.",
        Place.CONFIRMATION,
        footer=3,
    ),
    Command(
        "print",
        ("f9", "i"),
        "Imprimir",
        "Imprime o comprovante da recarga confirmada.",
        Place.CONFIRMATION,
        footer=4,
    ),
    Command("person_new", ("f6", "ctrl+f"), "Cadastrar", "Cadastra um operador.", Place.PEOPLE, footer=1),
    Command(
        "person_pin",
        ("f9", "ctrl+b"),
        "PIN novo",
        "Dá um PIN novo a quem está marcado.",
        Place.PEOPLE,
        footer=2,
    ),
    Command(
        "person_switch",
        ("f8", "ctrl+d"),
        "Ativar/Des.",
        "Desativa ou ativa quem está marcado; nada do que fez se perde.",
        Place.PEOPLE,
        footer=3,
    ),
    Command(
        "person_release", ("l",), "Liberar", "Termina o bloqueio por PINs errados.", Place.PEOPLE, footer=4
    ),
    Command(
        "oversight_act",
        ("enter",),
        "Agir",
        "Abre a pendência marcada para resolver.",
        Place.OVERSIGHT,
        footer=1,
    ),
    Command(
        "oversight_ask",
        ("f5", "ctrl+t"),
        "Consultar",
        "Pergunta por tudo o que espera. Nunca cobra e nunca credita.",
        Place.OVERSIGHT,
        footer=2,
    ),
    Command("trail_open", ("enter",), "Abrir", "Mostra a linha inteira.", Place.TRAIL, footer=1),
    Command(
        "trail_filter",
        ("f6", "ctrl+f"),
        "Procurar",
        "Procura por nome, ação, caixa e dia.",
        Place.TRAIL,
        footer=2,
    ),
    Command("people", (), "Operadores", "Cadastro de operadores, PINs e bloqueios."),
    Command("oversight", (), "Supervisão", "As pendências de todos os caixas."),
    Command("trail", (), "Trilha", "Quem fez o quê, quando e em que caixa."),
    Command("cash_ask", ("f5", "ctrl+t"), "Atualizar", "Lê de novo como está o caixa.", Place.CASH, footer=1),
)

BY_ID = {command.id: command for command in COMMANDS}

_KEY_WORDS = {
    "plus": "+",
    "enter": "Enter",
    "escape": "Esc",
    "up": "↑",
    "down": "↓",
}


def key_words(key: str) -> str:
    """Write a key as the counter reads it: `f10` → `F10`, `ctrl+p` → `Ctrl+P`."""
    if key in _KEY_WORDS:
        return _KEY_WORDS[key]
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:].upper()}"
    return key.upper()


def of_place(place: Place) -> list[Command]:
    """Return the commands that work in a place: its own first, then those that work anywhere.

    What works anywhere waits behind a dialog.
    """
    own = [command for command in COMMANDS if command.place is place]
    if place in DIALOGS:
        return own
    return own + [
        command for command in COMMANDS if command.place is Place.ANYWHERE and place is not command.place
    ]


def keys_page() -> str:
    """Return `docs/keys.md`, the generated page of every key."""
    lines = [
        "# Teclas",
        "",
        "Gerada de `pos_tui/commands.py` por `make keys`. Enter confirma e Esc volta, sempre.",
        "",
    ]
    for place in Place:
        own = [command for command in COMMANDS if command.place is place]
        lines += [f"## {place.value}", "", "| tecla | outra | comando | o que faz |", "|---|---|---|---|"]
        for command in own:
            first, *others = command.key_words
            lines.append(f"| {first} | {' '.join(others) or '–'} | {command.label} | {command.tooltip} |")
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    """Write or check the generated page: `python -m pos_tui.commands [--check] FILE`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if not options.check:
        options.file.write_text(keys_page(), "utf-8")
        return 0
    return 0 if options.file.read_text("utf-8") == keys_page() else 1


if __name__ == "__main__":
    raise SystemExit(main())
