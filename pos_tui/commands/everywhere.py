"""What works in any tab of the sale, and the desks it opens."""

from pos_tui.commands.command import Command, Place

COMMANDS = (
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
        "items",
        ("f9", "ctrl+b"),
        "Item",
        "Põe serviços e produtos na venda, por código, código de barras ou nome.",
        footer=7,
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
        "Relatórios",
        "Vendas, recargas, caixa e comissões: na tela, em gráfico, em papel ou CSV.",
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
    Command("people", (), "Operadores", "Cadastro de operadores, PINs e bloqueios."),
    Command("oversight", (), "Supervisão", "As pendências de todos os caixas."),
    Command("catalogue", (), "Catálogo", "Serviços e produtos que a venda oferece, com preço e códigos."),
    Command("doctor", (), "Diagnóstico", "Confere o caixa inteiro: banco, diário, impressora, operadoras."),
    Command("privacy", (), "Titular", "O que um cliente pede sobre os dados dele: exportar ou anonimizar."),
    Command(
        "practice",
        ("ctrl+z",),
        "Falhas",
        "Só no treinamento: escolhe o que dá errado na operadora, no Pix e no TEF de mentira.",
    ),
    Command("settings", (), "Configuração", "Loja, caixa, operadora, formas, impressora; o assistente."),
    Command(
        "subscribers",
        (),
        "Assinantes",
        "Central do assinante: extratos, contas, notas, atendimentos e habilitação de um provedor de internet.",
    ),
    Command("trail", (), "Trilha", "Quem fez o quê, quando e em que caixa."),
    Command("orders", (), "Pedidos", "Os pedidos da loja virtual: aprovar, liberar, faturar, despachar."),
    Command("tef", (), "TEF", "Menu administrativo do TEF, se ele responde, e respostas sem venda."),
)
