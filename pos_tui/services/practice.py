"""Training: what of the pretended outside goes wrong, chosen by whoever trains, while it runs.

Only the sandbox is spoken to, on loopback, and the control file of its TEF manager: outside training there
is neither.
"""

import json
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from pos_tui.domain.errors import PosError
from pos_tui.providers.sandbox.conciliator import Fault
from pos_tui.providers.sandbox.faults import Kind
from pos_tui.providers.sandbox.tef_scenarios import Scenario
from pos_tui.services.practice_cards import keep, waiting

TIMEOUT = 10.0
SLOW_SECONDS = 20.0
"""Longer than a cashier likes, shorter than the till waits."""
FOREVER = 0
ANYTHING = "*"


class World(Struct, frozen=True):
    """One pretended outside: what can be asked of it, and what can go wrong."""

    key: str
    label: str
    operations: Mapping[str, str]
    """Words by the sandbox's own names."""
    faults: Mapping[str, str]


K = Kind
_HTTP: dict[str, str] = {
    K.LOST: "Faz, e a resposta se perde",
    K.SLOW: f"Demora {SLOW_SECONDS:.0f} segundos",
    K.DOWN: "Fora do ar: nada é feito",
    K.RESET: "A conexão cai antes de fazer",
    K.BAD_GATEWAY: "Faz, e responde erro 502",
    K.GARBAGE: "Faz, e a resposta é ilegível",
    K.HTML: "Faz, e responde a página do Wi-Fi",
    K.TRUNCATED: "Faz, e a resposta vem pela metade",
    K.EMPTY: "Faz, e a resposta vem vazia",
    K.UNKNOWN_WORD: "Faz, e diz uma situação desconhecida",
    K.WRONG_AMOUNT: "Faz, e responde outro valor",
    K.WRONG_KEY: "Faz, e responde sobre outra compra",
}
_TOPUP: dict[str, str] = {
    **_HTTP,
    K.WRONG_NUMBER: "Faz, e responde outra linha",
    K.EXPIRE: "As reservas expiram antes",
    K.DUPLICATE: "Faz outra vez o que já foi feito",
}
_SHOP: dict[str, str] = {
    **{kind: words for kind, words in _HTTP.items() if kind not in (K.WRONG_AMOUNT, K.WRONG_KEY)},
    K.IGNORED: "Responde que sim, e nada muda",
    K.UNAUTHORIZED: "O token deixa de valer",
    K.THROTTLED: f"Pede para esperar {SLOW_SECONDS:.0f} segundos",
    K.SHIFTED: "Chega um pedido no meio da lista",
    K.NO_SKU: "Os itens vêm sem SKU",
    K.ODD_MONEY: "O total vem como texto",
}
S = Scenario
_TEF: dict[str, str] = {
    S.DENY: "Negado pelo banco",
    S.SILENT: "Recebe e não responde mais",
    S.NO_STATUS: "Recebe e não avisa que recebeu",
    S.IGNORE: "Não olha o pedido",
    S.DELAY: "Demora a responder",
    S.STRANGER: "Responde antes sobre outra operação",
    S.OLDER: "Responde antes ao que tinha calado",
    S.TRUNCATED: "A resposta para no meio",
    S.GARBAGE: "O valor da resposta é ilegível",
    S.PARTIAL: "Aprova só uma parte",
    S.ERROR: "Erro no sistema",
    S.GAVE_UP: "O cliente desistiu no pinpad",
}
_CARDS: dict[str, str] = {
    Fault.AUTHORISATION: "A próxima venda vem com outra autorização",
    Fault.AMOUNT: "A próxima venda vem com outro valor",
    Fault.MISSING: "A próxima venda não vem",
}
WORLDS = (
    World(
        "topup",
        "Recarga",
        {
            ANYTHING: "Qualquer pedido",
            "reserve": "Reservar",
            "confirm": "Confirmar",
            "cancel": "Cancelar",
            "status": "Consultar",
            "offers": "Buscar valores",
            "pendings": "Listar pendentes",
            "balance": "Saldo",
        },
        _TOPUP,
    ),
    World(
        "pix",
        "Pix",
        {
            ANYTHING: "Qualquer pedido",
            "reserve": "Criar a cobrança",
            "status": "Consultar",
            "cancel": "Desistir da cobrança",
            "refund": "Devolver",
            "token": "Entrar no banco",
        },
        _HTTP | {K.PAID_LATE: "O cliente paga depois de desistir (a consultar)"},
    ),
    World(
        "tef",
        "TEF",
        {"CRT": "Venda no cartão", "CNC": "Estorno", "CNF": "Confirmação", "NCN": "Desfazimento"},
        _TEF,
    ),
    World(
        "orders",
        "Loja virtual",
        {
            ANYTHING: "Qualquer pedido",
            "move": "Mudar um pedido",
            "order": "Ler um pedido",
            "orders": "Listar os pedidos",
            "stock": "Perguntar o estoque",
        },
        _SHOP,
    ),
    World(
        "recurring",
        "Crédito recorrente",
        {
            ANYTHING: "Qualquer pedido",
            "reserve": "Enviar a cobrança",
            "status": "Consultar",
            "cancel": "Cancelar",
            "refund": "Devolver",
            "customer": "Cadastrar o cliente",
        },
        _HTTP,
    ),
    World("subscribers", "Central do assinante", {ANYTHING: "Qualquer pedido", "status": "Perguntar"}, _HTTP),
    World("cards", "Conciliadora de cartões", {"return": "Responder a remessa"}, _CARDS),
)


class SetFault(Struct, frozen=True):
    """One fault that waits for its calls."""

    world: str
    operation: str
    fault: str
    times: int
    """0 until it is cleared."""

    @property
    def words(self) -> str:
        """Say it: `Recarga · Confirmar: Faz, e a resposta se perde (1 vez)`."""
        world = next(one for one in WORLDS if one.key == self.world)
        operation = world.operations.get(self.operation, self.operation)
        fault = world.faults.get(self.fault, self.fault)
        times = "sempre" if self.times == FOREVER else "1 vez" if self.times == 1 else f"{self.times} vezes"
        return f"{world.label} · {operation}: {fault} ({times})"


class Practice:
    """The pretended outside of one till in training."""

    def __init__(self, topup: str, erp: str, sandbox: Callable[[], str], tef: Path, cards: Path) -> None:
        """`topup` and `erp` are whose wire formats are spoken; `tef` and `cards` are control files."""
        own = {"topup": topup, "subscribers": erp}
        self._dialects = {**own, "pix": "pix", "orders": "dooca", "recurring": "asaas"}
        self._sandbox = sandbox
        self._files = {"tef": tef, "cards": cards}

    def set(self, wanted: SetFault) -> None:
        """Put a fault in force after those already there. Raises PosError when the sandbox is gone."""
        if wanted.world in self._files:
            line = wanted.fault if wanted.world == "cards" else f"{wanted.operation} {wanted.fault}"
            control = self._files[wanted.world]
            self._write(control, waiting(control) + [line] * max(1, wanted.times))
            return
        asked = {
            "kind": wanted.fault,
            "operation": wanted.operation,
            "times": None if wanted.times == FOREVER else wanted.times,
            "seconds": SLOW_SECONDS,
            "dialect": self._dialects[wanted.world],
        }
        self._call("POST", "faults", asked)

    def in_force(self) -> list[SetFault]:
        """Return the faults that wait. Raises PosError when the sandbox is gone."""
        worlds = {dialect: world for world, dialect in self._dialects.items()}
        listed = self._call("GET", "faults")["faults"]
        assert isinstance(listed, list)
        found = [
            SetFault(worlds[one["dialect"]], one["operation"], one["kind"], one["times"] or FOREVER)
            for one in listed
            if one["dialect"] in worlds
        ]
        for line, times in Counter(waiting(self._files["tef"])).items():
            operation, _, fault = line.partition(" ")
            found.append(SetFault("tef", operation, fault, times))
        for fault, times in Counter(waiting(self._files["cards"])).items():
            found.append(SetFault("cards", "return", fault, times))
        return found

    def clear(self) -> None:
        """Have everything go right again. Raises PosError when the sandbox is gone."""
        for control in self._files.values():
            self._write(control, [])
        self._call("DELETE", "faults")

    def pay(self, txid: str) -> None:
        """Pay a Pix charge as a customer would. Raises PosError when it can no longer be paid."""
        self._pay("pix/pay", {"txid": txid})

    def pay_link(self, reference: str) -> None:
        """Type a card on the page behind a link. Raises PosError when it can no longer be paid."""
        self._pay("asaas/pay", {"reference": reference})

    def _pay(self, what: str, asked: dict[str, str]) -> None:
        try:
            self._call("POST", what, asked)
        except PosError:
            raise PosError(
                "O pagamento de treinamento não foi aceito: a cobrança já foi encerrada."
            ) from None

    def _write(self, control: Path, lines: list[str]) -> None:
        try:
            keep(control, lines)
        except OSError as error:
            raise PosError(f"O mundo de treinamento não recebeu a falha ({error.strerror}).") from error

    def _call(self, method: str, what: str, asked: object = None) -> dict[str, object]:
        body = None if asked is None else json.dumps(asked).encode()
        url = f"{self._sandbox()}/_sandbox/{what}"
        request = urllib.request.Request(url, body, method=method)  # noqa: S310  loopback, http
        # No proxy of the environment comes between two programs of one machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=TIMEOUT) as answer:
                told: dict[str, object] = json.load(answer)
                return told
        except (OSError, ValueError) as error:
            raise PosError(
                "O servidor de treinamento não respondeu: feche o caixa e abra de novo."
            ) from error
