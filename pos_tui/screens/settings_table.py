"""What the Configuração desk and the wizard ask for: every setting with its words, as data."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from pos_tui.config import Config
from pos_tui.domain.documents import format_document, parse_document
from pos_tui.domain.payment import LABELS, Method
from pos_tui.services.config_file import Setting
from pos_tui.settings.payment import METHODS
from pos_tui.widgets.fields import ChoiceField, DigitsField, Field, Option, TextField

YES, NO = "sim", "não"
ANYTHING = "*"
"""Stands for whatever was typed."""
ZONES = (
    ("America/Sao_Paulo", "Brasília"),
    ("America/Campo_Grande", "Campo Grande"),
    ("America/Cuiaba", "Cuiabá"),
    ("America/Manaus", "Manaus"),
    ("America/Porto_Velho", "Porto Velho"),
    ("America/Boa_Vista", "Boa Vista"),
    ("America/Rio_Branco", "Rio Branco"),
    ("America/Noronha", "Fernando de Noronha"),
)
_YES_NO = ((YES, "Sim"), (NO, "Não"))


class Kind(Enum):
    """How a setting is typed."""

    TEXT = auto()
    NUMBER = auto()
    YES_NO = auto()
    LIST = auto()
    """Several texts, with `;` between them."""
    MEMBER = auto()
    """Whether a list has a value: the part of the name after the last dot."""
    CHOICE = auto()
    DOCUMENT = auto()
    SECRET = auto()
    """Typed and kept, never shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting."""

    name: str
    """Its dotted name in the config, or of the secret."""
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    when: tuple[str, str] | None = None
    """Asked only while another entry, itself asked, holds a value."""


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that stand on one screen."""

    key: str
    label: str
    entries: tuple[Entry, ...]
    test: str = ""
    """`topup` or `pix`: what its connection test asks."""

    @property
    def short(self) -> str:
        """Its label for narrow windows and titles."""
        return self.label.partition(":")[0]


def _rv(key: str) -> tuple[str, str]:
    return "topup.provider", key


_PIX = ("payment.methods.pix", YES)
_PSP = ("payment.pix.url", ANYTHING)
_TEF = ("payment.methods.tef", YES)
_METHOD_LABELS = {"pix": "Pix", **{method.value: LABELS[method] for method in Method}}

STORE = Group(
    "store",
    "Loja: nome, CNPJ, cidade",
    (
        Entry("store.name", "Nome da loja", hint="Como sai no papel."),
        Entry("store.cnpj", "CNPJ", Kind.DOCUMENT, "Conferido dígito a dígito; em branco não sai."),
        Entry("store.city", "Cidade", hint="Também vai no QR Pix."),
        Entry("store.timezone", "Fuso", Kind.CHOICE, options=ZONES),
    ),
)
TILL = Group(
    "till",
    "Este caixa: número, PDVs, vendedores, treinamento",
    (
        Entry("till.number", "Número do caixa", Kind.NUMBER, "De 1 a 99, um por caixa da loja."),
        Entry("till.pdvs", "PDVs", Kind.LIST, "Com ; entre eles, como 1 Balcão; 2 Quiosque."),
        Entry("till.sellers", "Vendedores", Kind.LIST, "Com ; entre eles; em treinamento."),
        Entry("till.first_sale", "Primeira venda", Kind.NUMBER, "Menor número da próxima venda."),
        Entry("till.training", "Treinamento", Kind.YES_NO, "Sim: nada sai para o mundo de verdade."),
    ),
)
TOPUP = Group(
    "topup",
    "Recargas: operadora, senha, limites (testa a conexão)",
    (
        Entry(
            "topup.provider",
            "Operadora",
            Kind.CHOICE,
            options=(("rv", "RV"), ("celcoin", "Celcoin"), ("dtone", "DT One")),
        ),
        Entry("topup.rv.url", "Endereço", hint="Começa com https://.", when=_rv("rv")),
        Entry("topup.rv.store", "Código da loja", when=_rv("rv")),
        Entry("topup.rv.user", "Usuário", when=_rv("rv")),
        Entry("topup.rv.password", "Senha", Kind.SECRET, when=_rv("rv")),
        Entry("topup.celcoin.url", "Endereço", hint="Começa com https://.", when=_rv("celcoin")),
        Entry("topup.celcoin.client_id", "client_id", when=_rv("celcoin")),
        Entry("topup.celcoin.client_secret", "client_secret", Kind.SECRET, when=_rv("celcoin")),
        Entry("topup.celcoin.document", "CPF/CNPJ", hint="Em branco: o da loja.", when=_rv("celcoin")),
        Entry("topup.celcoin.ddds", "DDDs", Kind.LIST, "Com ; entre eles: 67; 65.", when=_rv("celcoin")),
        Entry("topup.dtone.url", "Endereço", hint="Começa com https://, até o /v1.", when=_rv("dtone")),
        Entry("topup.dtone.key", "Chave (API key)", when=_rv("dtone")),
        Entry("topup.dtone.secret", "Segredo", Kind.SECRET, when=_rv("dtone")),
        Entry("topup.label", "Nome do serviço", hint="Na tela e no papel."),
        Entry("topup.auto_confirm", "Confirma sozinha", Kind.YES_NO, "Sim: ao salvar a venda."),
        Entry("topup.pending_limit", "Limite de pendentes", Kind.NUMBER, "No limite não entra outra."),
        Entry("topup.deadline_seconds", "Espera (segundos)", Kind.NUMBER, "Por uma resposta da operadora."),
        Entry("topup.contacts", "Contatos de suporte", Kind.LIST, "No papel e no F1, com ; entre eles."),
    ),
    test="topup",
)  # fmt: skip
PAYMENT = Group(
    "payment",
    "Formas de pagamento: dinheiro, cartão, TEF, Pix (testa o banco)",
    (
        *(Entry(f"payment.methods.{name}", _METHOD_LABELS[name], Kind.MEMBER) for name in METHODS),
        Entry("payment.pix.key", "Chave Pix", hint="CPF, CNPJ, telefone, e-mail ou aleatória.", when=_PIX),
        Entry("payment.pix.name", "Nome do recebedor", hint="Em branco: o da loja.", when=_PIX),
        Entry("payment.pix.url", "API Pix do banco", hint="Em branco: QR que uma pessoa confere.", when=_PIX),
        Entry("payment.pix.token_url", "Endereço do token", hint="Com a API do banco.", when=_PSP),
        Entry("payment.pix.client_id", "client_id do banco", when=_PSP),
        Entry("payment.pix.client_secret", "client_secret do banco", Kind.SECRET, when=_PSP),
        Entry("payment.pix.certificate", "Certificado (PEM)", hint="Caminho do arquivo.", when=_PSP),
        Entry("payment.pix.certificate_key", "Chave do certificado", hint="Caminho do arquivo.", when=_PSP),
        Entry("payment.tef.request_dir", "Pasta Req do TEF", when=_TEF),
        Entry("payment.tef.response_dir", "Pasta Resp do TEF", when=_TEF),
        Entry("payment.tef.certification", "Registro do TEF", hint="Dado pela certificação.", when=_TEF),
    ),
    test="pix",
)
CASH = Group(
    "cash",
    "Caixa e operadores: abertura, fechamento, bloqueio",
    (
        Entry("cash.required", "Exige caixa aberto", Kind.YES_NO, "Para receber dinheiro."),
        Entry("cash.blind", "Fechamento às cegas", Kind.YES_NO, "Quem conta não vê o esperado."),
        Entry("operators.idle_minutes", "Bloqueio (minutos)", Kind.NUMBER, "Sem tecla; 0 nunca bloqueia."),
    ),
)
COMMISSION = Group(
    "commission",
    "Comissões dos vendedores",
    (
        Entry(
            "commission.basis",
            "Sobre",
            Kind.CHOICE,
            options=(("margin", "A margem da recarga"), ("sold", "O valor vendido")),
        ),
        Entry("commission.percent", "Porcentagem", hint="De todos, como 2,5."),
        Entry("commission.items", "Serviços e produtos", hint="Porcentagem do vendido, como 1."),
        Entry("commission.sellers", "De cada um", Kind.LIST, "Ana Prado: 3; Beto Lima: 2,5."),
    ),
)
CARE = Group(
    "care",
    "Cópia de segurança e dados pessoais",
    (
        Entry("backup.folder", "Pasta da cópia", hint="De preferência em outro disco; em branco: nenhuma."),
        Entry("backup.keep", "Quantas ficam", Kind.NUMBER),
        Entry("privacy.retention_days", "Anonimiza (dias)", Kind.NUMBER, "Sem comprar; 0 nunca sozinho."),
    ),
)
KEYS = Group(
    "keys",
    "Teclas",
    (Entry("keys.preset", "Conjunto", Kind.CHOICE, options=(("padrao", "Padrão"),)),),
)
GROUPS = (STORE, TILL, TOPUP, PAYMENT, CASH, COMMISSION, CARE, KEYS)


def field_of(entry: Entry, kept: bool) -> Field:
    """Return the field that asks for a setting; `kept` says of a secret that there is one."""
    match entry.kind:
        case Kind.NUMBER:
            return DigitsField(entry.name, entry.label, max_length=9, required=True, hint=entry.hint)
        case Kind.YES_NO | Kind.MEMBER:
            return ChoiceField(entry.name, entry.label, _options(_YES_NO), required=True, hint=entry.hint)
        case Kind.CHOICE:
            options = _options(entry.options)
            return ChoiceField(entry.name, entry.label, options, required=True, hint=entry.hint)
        case Kind.DOCUMENT:
            return TextField(entry.name, entry.label, max_length=18, check=_check_document, hint=entry.hint)
        case Kind.SECRET:
            hint = "Guardado(a) e nunca mostrado(a). Em branco fica o de agora." if kept else "Ainda não há."
            return TextField(entry.name, entry.label, max_length=200, secret=True, hint=hint)
        case _:
            return TextField(entry.name, entry.label, max_length=200, hint=entry.hint)


def shown(entry: Entry, config: Config) -> str:
    """Return what a setting is now, as its field holds it; never a secret."""
    match entry.kind:
        case Kind.SECRET:
            return ""
        case Kind.MEMBER:
            name, _, member = entry.name.rpartition(".")
            return YES if member in _value(config, name) else NO  # type: ignore[operator]
    value = _value(config, entry.name)
    if isinstance(value, bool):
        return YES if value else NO
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def read(entries: Iterable[Entry], texts: dict[str, str], config: Config) -> dict[str, Setting]:
    """Return the settings that are not as they are now, by dotted name, from what was typed.

    What was not asked for is not in `texts`, and stays.
    """
    found: dict[str, Setting] = {}
    members: dict[str, list[str]] = {}
    for entry in entries:
        if entry.name not in texts or entry.kind is Kind.SECRET:
            continue
        if entry.kind is Kind.MEMBER:
            name, _, member = entry.name.rpartition(".")
            members.setdefault(name, []).extend([member] if texts[entry.name] == YES else [])
        elif (value := _typed(entry, texts[entry.name])) != _value(config, entry.name):
            found[entry.name] = value
    for name, names in members.items():
        now = _value(config, name)
        assert isinstance(now, tuple)
        # The order on the payment tab is the store's own: what stays keeps its place.
        wanted = tuple([one for one in now if one in names] + [one for one in names if one not in now])
        if wanted != now:
            found[name] = wanted
    return found


def secrets(entries: Iterable[Entry], texts: dict[str, str]) -> dict[str, str]:
    """Return the secrets that were typed."""
    return {one.name: texts[one.name] for one in entries if one.kind is Kind.SECRET and texts.get(one.name)}


def _typed(entry: Entry, text: str) -> Setting:
    match entry.kind:
        case Kind.NUMBER:
            return int(text or "0")
        case Kind.YES_NO:
            return text == YES
        case Kind.LIST:
            return tuple(part.strip() for part in text.split(";") if part.strip())
        case Kind.DOCUMENT:
            return format_document(parse_document(text)) if text else ""
        case _:
            return text


def _value(config: Config, name: str) -> object:
    value: object = config
    for part in name.split("."):
        value = getattr(value, part)
    return value


def _options(pairs: Iterable[tuple[str, str]]) -> list[Option]:
    return [Option(key, label) for key, label in pairs]


def _check_document(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        parse_document(text)
    except ValueError as error:
        return str(error)
    return None
