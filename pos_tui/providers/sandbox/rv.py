"""RV XML 3.94 as the sandbox speaks it (facts/topup.md §2): one address, form in, ISO-8859-1 XML out.

The answers to operations 6 and 8 are an assumption; see `providers/topup/rv.py`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from pos_tui.domain.phone import uf_of, why_not_mobile
from pos_tui.providers.sandbox import KEY, STORE, USER
from pos_tui.providers.sandbox.catalogue import (
    OPERATORS,
    Operator,
    Product,
    cost_of,
    error_number,
    find_product,
    sold_in,
)
from pos_tui.providers.sandbox.dialect import BRASILIA, CREDIT, Desk, Reply, Request
from pos_tui.providers.sandbox.ledger import Purchase, Reason, Refusal, Row, State

PATH = "/integracao_xml.php"
ENCODING = "iso-8859-1"

_OPERATIONS = {"1": "offers", "5": "reserve", "6": "status", "8": "pendings", "9": "balance"}
_DECISIONS = {"0": "confirm", "1": "cancel"}
_WORDS = {
    State.RESERVED: "PENDENTE",
    State.PROCESSING: "PENDENTE",
    State.CREDITED: "CONFIRMADA",
    State.CANCELLED: "CANCELADA",
    State.EXPIRED: "EXPIRADA",
}
_REFUSALS = {
    Reason.ABSENT: 14,
    Reason.CANCELLED: 14,
    Reason.DECLINED: 14,
    Reason.EXPIRED: 13,
    Reason.CONFIRMED: 17,
    Reason.PENDING_LIMIT: 6,
}
_MESSAGES = {
    1: "Fone Incompleto / Inválido",
    2: "Limite de Crédito Insuficiente",
    3: "Estoque Insuficiente",
    4: "Telefone não autorizado",
    5: "Senha Inválida",
    6: "Máximo número de conexões atingida",
    7: "Sistema em Manutenção",
    8: "Operadora / Produto não encontrado",
    10: "Valor Inválido",
    11: "Timeout",
    13: "Compra Expirada",
    14: "Compra inexistente",
    15: "Usuário/Loja não encontrados",
    16: "Parâmetros Insuficientes",
    17: "Compra já confirmada",
    19: "Transação não enviada por POST",
    20: "Código de transação não enviado",
    21: "Versão não enviada",
    23: "Cobrança ainda não visualizada",
    24: "Transação não permitida",
}


class _Error(Exception):
    """The request is answered with this error number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class RvDialect:
    """RV XML over the ledger."""

    name = "rv"

    def operation(self, request: Request) -> str | None:
        """Read `codigo_transacao`, and which decision operation 7 carries."""
        if request.path != PATH:
            return None
        form = request.form(ENCODING)
        if form.get("codigo_transacao") == "7":
            return _DECISIONS.get(form.get("cod_retorno", ""), "unknown")
        return _OPERATIONS.get(form.get("codigo_transacao", ""), "unknown")

    def answer(self, operation: str, request: Request, desk: Desk) -> Reply:
        """Do the operation; every refusal is status 200 with `<erro>`."""
        form = request.form(ENCODING)
        try:
            _check(request, form)
            action = _ACTIONS.get(operation)
            if action is None:
                raise _Error(24)
            return _reply(form["codigo_transacao"], action(form, desk))
        except Refusal as refusal:
            return _error(_REFUSALS[refusal.reason])
        except _Error as error:
            return _error(error.number)


def _check(request: Request, form: dict[str, str]) -> None:
    if request.method != "POST":
        raise _Error(19)
    if not form.get("codigo_transacao"):
        raise _Error(20)
    if not form.get("versao"):
        raise _Error(21)
    if form.get("loja_primaria") != STORE or form.get("nome_primario") != USER:
        raise _Error(15)
    if form.get("senha_primaria") != KEY:
        raise _Error(5)


def _needed(form: dict[str, str], name: str) -> str:
    value = form.get(name, "")
    if not value:
        raise _Error(16)
    return value


def _key(form: dict[str, str]) -> str:
    key = _needed(form, "compra")
    if not (key.isdecimal() and len(key) <= 9):
        raise _Error(9)
    return key


def _reserve(form: dict[str, str], desk: Desk) -> str:
    key, code = _key(form), _needed(form, "produto")
    line = _needed(form, "ddd") + _needed(form, "fone")
    if why_not_mobile(line):
        raise _Error(1)
    number = error_number(line)
    if number in _MESSAGES:
        raise _Error(number)
    found = find_product(code)
    if found is None or found[1].pin or not sold_in(*found, uf_of(line[:2])):
        raise _Error(8)
    operator, product = found
    face = _value(form, product)
    purchase = Purchase(key, line, operator.code, code, face, cost_of(face), form.get("id_terminal", ""))
    row, known = desk.reserve(purchase)
    return f"<reenvio>{int(known)}</reenvio>" + _purchase(row, desk.now)


def _value(form: dict[str, str], product: Product) -> int:
    if not product.variable:
        return product.face
    whole, _, cents = _needed(form, "valor").partition(".")
    text = whole + cents.ljust(2, "0")
    if not text.isdecimal() or len(cents) > 2 or not product.takes(int(text)):
        raise _Error(10)
    return int(text)


def _purchase(row: Row, now: float) -> str:
    bought = row.purchase
    day = datetime.fromtimestamp(row.reserved_at, BRASILIA)
    due = day.date() + timedelta(days=15)
    return (
        f"<codigo>{escape(bought.key)}</codigo><cod_online>{row.ref}</cod_online>"
        f"<produto>{escape(bought.product)}</produto><preco>{_money(bought.cost)}</preco>"
        f"<face>{_money(bought.face)}</face><vencimento>{due}</vencimento><pago>0</pago>"
        f"<ddd>{bought.line[:2]}</ddd><fone>{bought.line[2:]}</fone>"
        f"<mensagem>Obrigado por usar a recarga de treinamento.</mensagem>"
        f"<nsu>{row.nsu}</nsu><dataRV>{day:%Y-%m-%d %H:%M:%S}</dataRV>"
    )


def _decided(row: Row, decision: str) -> str:
    return (
        f"<codigo>{escape(row.purchase.key)}</codigo><cod_online>{row.ref}</cod_online>"
        f"<cod_retorno>{row.word or decision}</cod_retorno>"
    )


def _confirm(form: dict[str, str], desk: Desk) -> str:
    return _decided(desk.confirm(_key(form)), "0")


def _cancel(form: dict[str, str], desk: Desk) -> str:
    return _decided(desk.cancel(_key(form)), "1")


def _status(form: dict[str, str], desk: Desk) -> str:
    row = desk.find(_key(form))
    return f"<status>{row.word or _WORDS[row.state]}</status>" + _purchase(row, desk.now)


def _pendings(form: dict[str, str], desk: Desk) -> str:
    rows = desk.pendings()
    entries = "".join(f"<pendente>{_purchase(row, desk.now)}</pendente>" for row in rows)
    return f"<pendentes><qtdPendentes>{len(rows)}</qtdPendentes>{entries}</pendentes>"


def _balance(form: dict[str, str], desk: Desk) -> str:
    used = desk.used()
    return (
        f"<limite_credito>{_money(CREDIT)}</limite_credito>"
        f"<limite_disponivel>{_money(max(0, CREDIT - used))}</limite_disponivel>"
        f"<antecipado>0.00</antecipado><valor_aberto>{_money(used)}</valor_aberto>"
    )


def _offers(form: dict[str, str], desk: Desk) -> str:
    operators = "".join(_operator(operator) for operator in OPERATORS)
    count = f"<qtdOperadoras>{len(OPERATORS)}</qtdOperadoras>"
    return f"<loja>{STORE}</loja><operadoras>{count}{operators}</operadoras>"


def _operator(operator: Operator) -> str:
    products = "".join(_product(product) for product in operator.products)
    return (
        f"<operadora><codigoOperadora>{operator.code}</codigoOperadora>"
        f"<nomeOperadora>{escape(operator.name)}</nomeOperadora>"
        f"{_ufs(operator.ufs, 'estadosAtuantes', 'qtdEstadosOperadora', 'estadoOperadora')}"
        f"<produtos><qtdProdutos>{len(operator.products)}</qtdProdutos>{products}</produtos></operadora>"
    )


def _product(product: Product) -> str:
    cost = "0.00" if product.variable else f"{product.face * 965 / 100_000:.3f}"
    return (
        f"<produto><codigoProduto>{product.code}</codigoProduto>"
        f"<nomeProduto>{escape(product.name)}</nomeProduto>"
        f"<precocompraProduto>{cost}</precocompraProduto>"
        f"<precovendaProduto>{_money(product.face)}</precovendaProduto>"
        f"<validadeProduto>{product.validity}</validadeProduto>"
        f"<modeloRecarga>{'PIN' if product.pin else 'ONLINE'}</modeloRecarga>"
        f"<valorMinimoProduto>{_money(product.minimum)}</valorMinimoProduto>"
        f"<valorMaximoProduto>{_money(product.maximum)}</valorMaximoProduto>"
        f"<valorIncrementoProduto>{_money(product.step)}</valorIncrementoProduto>"
        f"<precoVariavelProduto>{int(product.variable)}</precoVariavelProduto>"
        f"{_ufs(product.ufs, 'estadosProdutoPin', 'qtdEstadosProduto', 'estadoProduto')}</produto>"
    )


def _ufs(ufs: tuple[str, ...], group: str, count: str, tag: str) -> str:
    entries = "".join(f"<{tag}>{uf}</{tag}>" for uf in ufs)
    return f"<{group}><{count}>{len(ufs)}</{count}>{entries}</{group}>"


def _money(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


_ACTIONS: dict[str, Callable[[dict[str, str], Desk], str]] = {
    "offers": _offers,
    "reserve": _reserve,
    "confirm": _confirm,
    "cancel": _cancel,
    "status": _status,
    "pendings": _pendings,
    "balance": _balance,
}


def _reply(code: str, content: str) -> Reply:
    text = (
        f'<?xml version="1.0" encoding="ISO-8859-1"?><cellcard><versao>3.94</versao>'
        f"<codigoTransacao>{code}</codigoTransacao>{content}</cellcard>"
    )
    return Reply(200, text.encode(ENCODING, "xmlcharrefreplace"), "text/xml; charset=ISO-8859-1")


def _error(number: int) -> Reply:
    message = escape(_MESSAGES[number]) if number in _MESSAGES else ""
    return _reply("0", f"<erro><codigo>{number}</codigo><mensagem>{message}</mensagem></erro>")
