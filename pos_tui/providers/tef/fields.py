"""The fields of an INTPOS file as data, and which of them each command carries.

Source: facts/payments.md §2.3 and §2.5 (PayGo's public interface specification). Formats: `n` digits, `a`
printable ASCII; `a3` exactly three, `a..40` one to forty. Only writing is held to the formats: managers
differ, and what they write is taken as it comes.
"""

import re
from enum import StrEnum

from msgspec import Struct


class Command(StrEnum):
    """Purpose of a file (000-000)."""

    ATV = "ATV"
    """Is the manager alive?"""
    CRT = "CRT"
    """Card sale."""
    ADM = "ADM"
    """Administrative: the manager shows its own menu."""
    CNC = "CNC"
    """Cancel a finished sale."""
    CNF = "CNF"
    """Confirm the last operation."""
    NCN = "NCN"
    """Undo the last operation."""
    CDP = "CDP"
    """Ask the customer's document on the pinpad."""


STATUS_ONLY = frozenset({Command.ATV, Command.CNF, Command.NCN})
"""Answered by `.sts` alone; the others by `.sts` and then `.001`."""


class FieldSpec(Struct, frozen=True):
    """One line of the table."""

    name: str
    pattern: re.Pattern[str]


COMMAND, NUMBER, DOCUMENT, AMOUNT, CURRENCY = "000", "001", "002", "003", "004"
ENTITY, CUSTOMER, STATUS, NETWORK, KIND = "006", "007", "009", "010", "011"
NSU, AUTHORISATION, INSTALMENT_KIND, INSTALMENTS = "012", "013", "017", "018"
RECEIPT_DATE, RECEIPT_TIME, POSTDATED = "022", "023", "024"
ORIGINAL_NSU, ORIGINAL_TIME, CONTROL = "025", "026", "027"
SINGLE_COUNT, SINGLE_LINE, MESSAGE, CARD_NAME = "028", "029", "030", "040"
ESTABLISHMENT_INDEX, CAPABILITIES = "702", "706"
ORIGINAL, CASH_OUT, DISCOUNT = "707", "708", "709"
REDUCED_COUNT, REDUCED_LINE, CLIENT_COUNT, CLIENT_LINE = "710", "711", "712", "713"
MERCHANT_COUNT, MERCHANT_LINE = "714", "715"
COMPANY, FISCAL_TIME, TERMINAL, ESTABLISHMENT = "716", "717", "718", "719"
LANGUAGE, SERVICE_FEE, BOARDING_FEE, CONFIRMATION = "726", "727", "728", "729"
OPERATION, CARD_KIND, FINANCING, INTERFACE = "730", "731", "732", "733"
APPLICATION, VERSION, COPIES, CERTIFICATION = "735", "736", "737", "738"
NETWORK_INDEX, MASKED_CARD, HOLDER, PRODUCT = "739", "740", "741", "742"
STILL_DUE, ADJUSTED, EXPIRY, STANDARD_NAME, TRAILER = "743", "744", "747", "748", "999"

_TABLE = """
000 a3     Comando
001 n..10  Identificação
002 n..12  Documento fiscal
003 n..12  Valor total
004 n1     Moeda
006 a1     Entidade cliente
007 n..16  Identificador do cliente
009 a..3   Status
010 a..8   Rede
011 n2     Tipo da transação
012 a..40  NSU
013 a..6   Autorização
017 n1     Tipo de parcelamento
018 n..2   Parcelas
022 n8     Data do comprovante
023 n6     Hora do comprovante
024 n8     Data pré-datado
025 a..40  NSU original
026 n10    Data e hora originais
027 a..60  Código de controle
028 n..3   Linhas da via única
029 a..40  Via única
030 a..40  Mensagem ao operador
040 a..12  Nome do cartão
702 n..2   Índice do estabelecimento
706 n..3   Capacidades
707 n..12  Valor original
708 n..12  Troco
709 n..12  Desconto
710 n..3   Linhas do cupom reduzido
711 a..40  Cupom reduzido
712 n..3   Linhas da via do cliente
713 a..40  Via do cliente
714 n..3   Linhas da via do estabelecimento
715 a..40  Via do estabelecimento
716 a..40  Empresa da automação
717 n12    Data e hora fiscal
718 a..50  Terminal
719 a..50  Estabelecimento
722 a..128 Dados adicionais 1
723 a..128 Dados adicionais 2
724 a..128 Dados adicionais 3
725 a..128 Dados adicionais 4
726 a2     Idioma
727 n..12  Taxa de serviço
728 n..12  Taxa de embarque
729 n1     Status da confirmação
730 n..2   Operação
731 n..2   Tipo de cartão
732 n..2   Financiamento
733 n..3   Versão da interface
735 a..40  Nome da automação
736 a..20  Versão da automação
737 n1     Vias
738 a..20  Registro de certificação
739 n3     Índice da rede
740 a..40  Cartão mascarado
741 a..40  Titular
742 a..40  Produto
743 n..12  Valor devido
744 n..12  Valor reajustado
747 n4     Validade do cartão
748 a..50  Nome padronizado
999 n1     Trailer
"""


def _spec(line: str) -> tuple[str, FieldSpec]:
    identifier, form, name = line.split(maxsplit=2)
    charset = "[0-9]" if form[0] == "n" else "[ -~]"
    least, most = ("1", form[3:]) if form[1:3] == ".." else (form[1:], form[1:])
    return identifier, FieldSpec(name, re.compile(f"{charset}{{{least},{most}}}"))


FIELDS: dict[str, FieldSpec] = dict(map(_spec, _TABLE.strip().splitlines()))
"""By the first three digits of the identifier."""

_ALWAYS = frozenset({COMMAND, NUMBER, INTERFACE, CERTIFICATION})
_INTERACTIVE = frozenset({CAPABILITIES, COMPANY, APPLICATION, VERSION})
MANDATORY: dict[Command, frozenset[str]] = {
    Command.ATV: _ALWAYS,
    Command.CRT: _ALWAYS | _INTERACTIVE | {AMOUNT, CURRENCY},
    Command.ADM: _ALWAYS | _INTERACTIVE,
    Command.CNC: _ALWAYS | _INTERACTIVE | {AMOUNT, CURRENCY, NSU, RECEIPT_DATE, RECEIPT_TIME},
    Command.CNF: _ALWAYS | {CONTROL},
    Command.NCN: _ALWAYS | {CONTROL},
    Command.CDP: _ALWAYS | _INTERACTIVE | {ENTITY},
}
"""Fields a request must carry (§2.3)."""

_NETWORKS = frozenset({NETWORK, NETWORK_INDEX})
NETWORK_NAMED = frozenset({Command.CNC, Command.CNF, Command.NCN})
"""Commands whose request names the network by 010 or 739, or both."""

ECHOED: dict[Command, frozenset[str]] = {
    Command.CNC: frozenset({NETWORK, NETWORK_INDEX, NSU, AUTHORISATION, RECEIPT_DATE, RECEIPT_TIME}),
    Command.CNF: frozenset({NETWORK, NETWORK_INDEX, CONTROL, DOCUMENT}),
    Command.NCN: frozenset({NETWORK, NETWORK_INDEX, CONTROL, DOCUMENT}),
}
"""Fields sent back as the manager wrote them, whatever their form: it must know its own again."""

_FREE = frozenset({"722", "723", "724", "725", LANGUAGE, SERVICE_FEE, BOARDING_FEE})
_CUSTOMER = frozenset({ENTITY, CUSTOMER, INSTALMENTS, POSTDATED, CARD_KIND, FINANCING})
_SITE = frozenset({DOCUMENT, ESTABLISHMENT_INDEX, FISCAL_TIME})
OPTIONAL: dict[Command, frozenset[str]] = {
    Command.ATV: frozenset(),
    Command.CRT: _SITE | _CUSTOMER | _FREE | _NETWORKS,
    Command.ADM: _SITE | _CUSTOMER | _FREE | _NETWORKS | {OPERATION},
    Command.CNC: _SITE | (_CUSTOMER - {FINANCING}) | _FREE | _NETWORKS | {AUTHORISATION},
    Command.CNF: _SITE | _NETWORKS,
    Command.NCN: _SITE | _NETWORKS,
    Command.CDP: frozenset({LANGUAGE}),
}
"""Fields a request may carry beside the mandatory ones (§2.3)."""
