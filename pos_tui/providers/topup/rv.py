"""RV Tecnologia's XML interface 3.94, operations 1, 5, 6, 7, 8 and 9 (facts/topup.md §2).

Every call is a form POST to one address; every answer is XML in ISO-8859-1 with the root `cellcard`.
An error carries `codigoTransacao` 0 and `<erro>`; the HTTP status says nothing. In a success `codigo`
is our own purchase number (`compra`), in an error it is the error's number, so it is read only where
it stands and only compared with our key.

Unverified: operations 6 (status) and 8 (pendings) have no public field list. The assumption is written
at `_WORDS` and `_pending`; whatever does not fit it is `Uncertain`, never guessed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.text import clean, digits
from pos_tui.domain.topup import Balance, Offer, RemoteWord, ReserveRequest, Standing
from pos_tui.domain.values import replace
from pos_tui.providers.amounts import centavos, nearest_centavos, reais
from pos_tui.providers.base import ReserveRef
from pos_tui.providers.http import Exchange, Limits, Response
from pos_tui.providers.safe_xml import child_text, parse_xml
from pos_tui.providers.topup.codes import RV
from pos_tui.providers.topup.verdict import (
    NOT_UNDERSTOOD,
    SERVER_FAILED,
    Rejection,
    rejection,
    unknown_word,
    wrong_echo,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

VERSION = "3.94"
ENCODING = "iso-8859-1"
_KEY = re.compile(r"[1-9][0-9]{0,8}")
"""`compra`: "sequencial único com máximo de 9 dígitos"."""

_CONFIRM, _CANCEL = "0", "1"
_WORDS = {
    "PENDENTE": RemoteWord.RESERVED,
    "CONFIRMADA": RemoteWord.CONFIRMED,
    "CANCELADA": RemoteWord.CANCELLED,
    "EXPIRADA": RemoteWord.EXPIRED,
}
"""Unverified: operation 6 is assumed to answer the reserve's fields and one of these words in `status`."""

_STATE_CODES = {
    "13": RemoteWord.EXPIRED,
    "14": RemoteWord.ABSENT,
    "17": RemoteWord.CONFIRMED,
}
"""Error codes that answer the question what became of a purchase."""


class RvProvider:
    """Speaks RV XML. `url` ends in `/integracao_xml.php`; `password` is asked for at each call."""

    name = "rv"
    holds_expired = False

    def __init__(
        self,
        url: str,
        store: str,
        user: str,
        password: Callable[[], str],
        *,
        limits: Limits | None = None,
    ) -> None:
        self._exchange = Exchange(url, limits)
        self._store = store
        self._user = user
        self._password = password

    def __repr__(self) -> str:
        return f"RvProvider({self._exchange!r}, {self._store!r}, {self._user!r})"

    def offers(self) -> Outcome[tuple[Offer, ...]]:
        """Operation 1. Products sold as a PIN and products that cannot be read are left out."""
        answer = self._ask("1", {})
        match answer:
            case Rejection():
                return answer.of_question(RV)
            case NotSent() | Uncertain():
                return answer
        operators = answer.find("./operadoras")
        if operators is None:
            return NOT_UNDERSTOOD
        return Done(
            tuple(offer for operator in operators.findall("./operadora") for offer in _offers(operator))
        )

    def reserve(self, request: ReserveRequest) -> Outcome[Standing]:
        """Operation 5. The key is `compra`: sent again, RV repeats the stored answer (`reenvio` 1)."""
        fields = {
            "produto": request.product,
            "ddd": request.line.ddd,
            "fone": request.line.number,
            "id_terminal": request.terminal,
            "usuario_local": request.seller,
        }
        if request.variable:
            fields["valor"] = reais(request.face)
        answer = self._ask_about(request.key, "5", fields)
        match answer:
            case Rejection():
                return answer.of_effect(RV)
            case Refused() | NotSent() | Uncertain():
                return answer
        standing = _standing(answer, RemoteWord.RESERVED)
        if standing.key != request.key:
            return wrong_echo("um código de compra")
        if standing.line != request.line.digits:
            return wrong_echo("um número de linha")
        if standing.face != request.face:
            return wrong_echo("um valor")
        return Done(standing)

    def confirm(self, ref: ReserveRef) -> Outcome[Standing]:
        """Operation 7 with `cod_retorno` 0. "Já confirmada" (17) is what was asked for."""
        return self._decide(ref, _CONFIRM, RemoteWord.CONFIRMED)

    def cancel(self, ref: ReserveRef) -> Outcome[Standing]:
        """Operation 7 with `cod_retorno` 1. "Já confirmada" (17) means the line has its credit."""
        return self._decide(ref, _CANCEL, RemoteWord.CANCELLED)

    def _decide(self, ref: ReserveRef, decision: str, word: RemoteWord) -> Outcome[Standing]:
        answer = self._ask_about(ref.key, "7", {"cod_retorno": decision})
        match answer:
            case Rejection(code="17"):
                return Done(Standing(ref.key, RemoteWord.CONFIRMED, ref.provider_ref))
            case Rejection():
                return answer.of_effect(RV)
            case Refused() | NotSent() | Uncertain():
                return answer
        standing = _standing(answer, word)
        if not _same_purchase(standing, ref):
            return wrong_echo("um código de compra")
        said = child_text(answer, "cod_retorno")
        return Done(standing) if said == decision else unknown_word(f"cod_retorno {said}")

    def status(self, ref: ReserveRef) -> Outcome[Standing]:
        """Operation 6 by `compra` and, where known, `cod_online`. Unverified: see `_WORDS`."""
        fields = {"cod_online": ref.provider_ref} if ref.provider_ref else {}
        answer = self._ask_about(ref.key, "6", fields)
        match answer:
            case Rejection(code=code) if code in _STATE_CODES:
                return Done(Standing(ref.key, _STATE_CODES[code], ref.provider_ref))
            case Rejection():
                return answer.of_question(RV)
            case Refused() | NotSent() | Uncertain():
                return answer
        said = child_text(answer, "status") or ""
        word = _WORDS.get(said.upper())
        if word is None:
            return unknown_word(said)
        standing = _standing(answer, word)
        return Done(standing) if _same_purchase(standing, ref) else wrong_echo("um código de compra")

    def pendings(self) -> Outcome[tuple[Standing, ...]]:
        """Operation 8. Unverified: see `_pending`."""
        answer = self._ask("8", {})
        match answer:
            case Rejection():
                return answer.of_question(RV)
            case NotSent() | Uncertain():
                return answer
        return _pending(answer)

    def balance(self) -> Outcome[Balance]:
        """Operation 9."""
        answer = self._ask("9", {})
        match answer:
            case Rejection():
                return answer.of_question(RV)
            case NotSent() | Uncertain():
                return answer
        try:
            limit = nearest_centavos(child_text(answer, "limite_credito") or "")
            available = nearest_centavos(child_text(answer, "limite_disponivel") or "")
        except ValueError:
            return NOT_UNDERSTOOD
        return Done(Balance(limit, available))

    def close(self) -> None:
        """Send nothing more."""
        self._exchange.close()

    def _ask_about(
        self, key: str, operation: str, fields: Mapping[str, str]
    ) -> "Element | Rejection | Refused | NotSent | Uncertain":
        if not _KEY.fullmatch(key):
            return Refused(RefusalClass.INTERNAL, "", "O código da compra deve ter de 1 a 9 dígitos.")
        return self._ask(operation, {"compra": key, **fields})

    def _ask(self, operation: str, fields: Mapping[str, str]) -> "Element | Rejection | NotSent | Uncertain":
        form = {
            "loja_primaria": self._store,
            "nome_primario": self._user,
            "senha_primaria": self._password(),
            "codigo_transacao": operation,
            "versao": VERSION,
            **fields,
        }
        body = urlencode(form, encoding=ENCODING, errors="replace").encode("ascii")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        ending = self._exchange.send("POST", headers=headers, body=body)
        return _read(operation, ending) if isinstance(ending, Response) else ending


def _read(operation: str, response: Response) -> "Element | Rejection | Uncertain":
    """Tell success from error by what the answer says; the HTTP status only ever takes trust away."""
    if response.status >= 500:
        return SERVER_FAILED
    root = parse_xml(response.body, ENCODING)
    if root is None or root.tag != "cellcard":
        return NOT_UNDERSTOOD
    said = child_text(root, "codigoTransacao")
    error = root.find("./erro")
    if error is not None:
        code = child_text(error, "codigo")
        if said != "0" or not code:
            return NOT_UNDERSTOOD
        return rejection(code, child_text(error, "mensagem") or "")
    return root if said == operation else NOT_UNDERSTOOD


def _standing(answer: "Element", word: RemoteWord) -> Standing:
    """Read what an answer says of one purchase. `vencimento` is the store's own bill, not an expiry."""

    def text(tag: str, limit: int = 60) -> str:
        return clean(child_text(answer, tag) or "", limit)

    return Standing(
        key=text("codigo"),
        word=word,
        provider_ref=text("cod_online"),
        nsu=text("nsu"),
        line=digits(text("ddd") + text("fone")),
        face=_amount(answer, "face"),
        cost=_cost(answer, "preco"),
        message=text("mensagem", 500),
    )


def _amount(parent: "Element", tag: str) -> int | None:
    try:
        return centavos(child_text(parent, tag) or "")
    except ValueError:
        return None


def _cost(parent: "Element", tag: str) -> int | None:
    """Nothing sold here is free: a cost of 0 was not told."""
    try:
        return nearest_centavos(child_text(parent, tag) or "") or None
    except ValueError:
        return None


def _same_purchase(standing: Standing, ref: ReserveRef) -> bool:
    if standing.key != ref.key:
        return False
    return not (ref.provider_ref and standing.provider_ref) or standing.provider_ref == ref.provider_ref


def _pending(answer: "Element") -> Outcome[tuple[Standing, ...]]:
    """Read the pendings: assumed `pendentes` with `qtdPendentes` and `pendente[]` of the reserve's fields."""
    listing = answer.find("./pendentes")
    if listing is None:
        return NOT_UNDERSTOOD
    rows = tuple(_standing(entry, RemoteWord.RESERVED) for entry in listing.findall("./pendente"))
    if child_text(listing, "qtdPendentes") != str(len(rows)) or not all(row.key for row in rows):
        return NOT_UNDERSTOOD
    return Done(rows)


class _Operator(Struct, frozen=True):
    code: str
    name: str
    ufs: frozenset[str]


def _offers(operator: "Element") -> Iterator[Offer]:
    """Read what one operator sells online."""
    head = _Operator(
        clean(child_text(operator, "codigoOperadora") or "", 20),
        clean(child_text(operator, "nomeOperadora") or "", 40),
        _ufs(operator, "estadosAtuantes", "estadoOperadora"),
    )
    for product in operator.findall("./produtos/produto"):
        offer = _offer(head, product)
        if offer is not None:
            yield offer


def _offer(operator: _Operator, product: "Element") -> Offer | None:
    code = clean(child_text(product, "codigoProduto") or "", 20)
    if child_text(product, "modeloRecarga") != "ONLINE" or not code or not operator.code:
        return None
    offer = Offer(
        operator=operator.code,
        operator_name=operator.name,
        product=code,
        name=clean(child_text(product, "nomeProduto") or "", 60),
        face=_amount(product, "precovendaProduto") or 0,
        cost=_cost(product, "precocompraProduto"),
        validity_days=_days(child_text(product, "validadeProduto")),
        ufs=_ufs(product, "estadosProdutoPin", "estadoProduto") or operator.ufs,
    )
    if child_text(product, "precoVariavelProduto") != "1":
        return offer if offer.face > 0 else None
    minimum = _amount(product, "valorMinimoProduto") or 0
    maximum = _amount(product, "valorMaximoProduto") or 0
    step = _amount(product, "valorIncrementoProduto") or 0
    if not 0 < minimum <= maximum:
        return None
    return replace(offer, face=0, cost=None, minimum=minimum, maximum=maximum, step=step)


def _ufs(parent: "Element", group: str, tag: str) -> frozenset[str]:
    found = parent.findall(f"./{group}/{tag}")
    return frozenset(clean(entry.text or "", 2).upper() for entry in found) - {""}


def _days(text: str | None) -> int | None:
    """Days of validity; 0 means that RV was not told (TIM)."""
    days = int(text) if text and re.fullmatch(r"[0-9]{1,4}", text) else 0
    return days or None
