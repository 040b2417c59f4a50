"""What the Configuração desk and the wizard ask for: every setting with its words, as data."""

from pos_tui.commands.presets import LABELS as LABELS_OF_KEYS
from pos_tui.domain.payment import LABELS, Method
from pos_tui.screens.settings_entry import ANYTHING, YES, Entry, Group, Kind
from pos_tui.settings.payment import METHODS

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


def _rv(key: str) -> tuple[str, str]:
    return "topup.provider", key


_PRESETS = tuple(LABELS_OF_KEYS.items())
_LOOKS = (
    ("", "A do terminal"),
    ("dark", "Escura"),
    ("light", "Clara"),
    ("ansi", "Oito cores"),
    ("mono", "Sem cores"),
)
_PIX = ("payment.methods.pix", YES)
_PSP = ("payment.pix.url", ANYTHING)
_TEF = ("payment.methods.tef", YES)
_RECURRING = ("payment.methods.recurring", YES)
_ASAAS = ("recurring.mode", "integrated")
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
    tests=("topup",),
)  # fmt: skip
PAYMENT = Group(
    "payment",
    "Formas de pagamento: cartão, TEF, Pix (testa a conexão)",
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
        Entry(
            "recurring.mode",
            "Modo do recorrente",
            Kind.CHOICE,
            options=(("integrated", "Integrado (Asaas)"), ("manual", "Manual")),
            when=_RECURRING,
        ),
        Entry("recurring.asaas.url", "Endereço do Asaas", hint="Termina em /v3.", when=_ASAAS),
        Entry("recurring.asaas.access_token", "Chave do Asaas", Kind.SECRET, when=_ASAAS),
        Entry("recurring.max_instalments", "Máximo de parcelas", Kind.NUMBER, when=_RECURRING),
        Entry("payment.tef.request_dir", "Pasta Req do TEF", when=_TEF),
        Entry("payment.tef.response_dir", "Pasta Resp do TEF", when=_TEF),
        Entry("payment.tef.certification", "Registro do TEF", hint="Dado pela certificação.", when=_TEF),
    ),
    tests=("pix", "tef", "recurring"),
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
_RBX, _SGP = ("subscribers.provider", "rbx"), ("subscribers.provider", "sgp")
SUBSCRIBERS = Group(
    "subscribers",
    "Central do assinante: ERP do provedor (testa a conexão)",
    (
        Entry(
            "subscribers.provider",
            "ERP",
            Kind.CHOICE,
            options=(("rbx", "RBX"), ("sgp", "SGP"), ("local", "Nenhum: cadastro deste caixa")),
        ),
        Entry("subscribers.rbx.url", "Endereço", hint="Começa com https://.", when=_RBX),
        Entry("subscribers.rbx.key", "Chave", Kind.SECRET, when=_RBX),
        Entry("subscribers.sgp.url", "Endereço", hint="Começa com https://.", when=_SGP),
        Entry("subscribers.sgp.app", "Aplicativo (app)", when=_SGP),
        Entry("subscribers.sgp.token", "Token", Kind.SECRET, when=_SGP),
        Entry("subscribers.max_reprint_days", "2ª via até (dias)", Kind.NUMBER, "0: sem limite."),
        Entry("subscribers.establishment", "Estabelecimento Cielo", hint="Para o cancelamento por telefone."),
    ),
    tests=("subscribers",),
)
_MAIL = ("orders.mail.host", ANYTHING)
ORDERS = Group(
    "orders",
    "Loja virtual: pedidos e e-mail (testa a conexão)",
    (
        Entry(
            "orders.provider",
            "Plataforma",
            Kind.CHOICE,
            options=(("dooca", "Dooca ou Bagy"), ("medusa", "Medusa")),
        ),
        Entry("orders.url", "Endereço", hint="Em branco: não há loja virtual."),
        Entry("orders.token", "Token", Kind.SECRET),
        Entry("orders.days", "Dias mostrados", Kind.NUMBER),
        Entry("orders.refresh_minutes", "Atualiza (minutos)", Kind.NUMBER),
        Entry("orders.mail.host", "Servidor de e-mail", hint="Em branco: nenhum e-mail é mandado."),
        Entry("orders.mail.port", "Porta", Kind.NUMBER, when=_MAIL),
        Entry("orders.mail.user", "Usuário", when=_MAIL),
        Entry("orders.mail.password", "Senha", Kind.SECRET, when=_MAIL),
        Entry("orders.mail.sender", "Remetente", hint="De que endereço a loja escreve.", when=_MAIL),
    ),
    tests=("orders", "mail"),
)
_CARD_LAYOUTS = (
    ("", "Nenhum"),
    ("stone", "Stone"),
    ("rede", "Rede"),
    ("getnet", "Getnet"),
    ("cielo", "Cielo"),
    ("teiacard", "TeiaCard (conciliadora)"),
)
_FILES = ("statements.layout", ANYTHING)
STATEMENTS = Group(
    "statements",
    "Recebimento de cartões: extratos e remessa",
    (
        Entry("statements.layout", "Arquivos de", Kind.CHOICE, options=_CARD_LAYOUTS),
        Entry(
            "statements.acquirer",
            "Maquininha de",
            Kind.CHOICE,
            "Nenhum: a mesma dos arquivos.",
            _CARD_LAYOUTS[:-1],
            _FILES,
        ),
        Entry(
            "statements.establishment",
            "Estabelecimento",
            hint="O código da loja, que a integradora forneceu.",
            when=_FILES,
        ),
        Entry(
            "statements.inbox",
            "Pasta de entrada",
            hint="Onde os extratos chegam; em branco: não se lê.",
            when=_FILES,
        ),
        Entry("statements.outbox", "Pasta de saída", hint="Onde a remessa é gravada.", when=_FILES),
        Entry(
            "statements.wallet", "Pix da loja em", Kind.CHOICE, "Quem o lista.", _CARD_LAYOUTS[:-1], _FILES
        ),
        Entry(
            "statements.window_days", "Janela (dias)", Kind.NUMBER, "Entre a venda e o extrato.", when=_FILES
        ),
        Entry(
            "statements.tolerance_cents",
            "Sugere até (centavos)",
            Kind.NUMBER,
            "De diferença; até 50.",
            when=_FILES,
        ),
        Entry("statements.rates", "Taxas contratadas", Kind.LIST, "rede * credit 2-6 2,89; …", when=_FILES),
    ),
)
KEYS = Group(
    "keys",
    "Teclas e aparência",
    (
        Entry("keys.preset", "Conjunto", Kind.CHOICE, options=_PRESETS),
        Entry("screen.look", "Aparência", Kind.CHOICE, "Vale ao abrir de novo.", options=_LOOKS),
    ),
)
GROUPS = (STORE, TILL, TOPUP, PAYMENT, CASH, COMMISSION, CARE, STATEMENTS, SUBSCRIBERS, ORDERS, KEYS)
