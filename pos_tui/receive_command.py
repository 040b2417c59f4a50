"""`pos-tui receive`: take the platform's notices over HTTP until told to stop."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from pos_tui import arguments
from pos_tui.config import Config, load
from pos_tui.domain.errors import ConfigError
from pos_tui.exits import Exit
from pos_tui.settings.secrets import secret
from pos_tui.till import Till

ABOUT = """Recebe as notificações da plataforma do Crédito recorrente e pergunta a ela o que mudou. Fica atrás
de um proxy com HTTPS; o segredo recurring.asaas.webhook_token é o que se cadastra lá como authToken. Funciona
ao lado do caixa aberto: quem souber primeiro grava, e o outro mostra."""
READY = "Recebendo em "
"""First words of the one line on standard output, before the address."""


def options() -> argparse.ArgumentParser:
    """Return the parser of its options."""
    asked = arguments.parser("receive", ABOUT)
    asked.add_argument("--host", default="127.0.0.1", metavar="ENDEREÇO", help="onde atende (127.0.0.1)")
    asked.add_argument(
        "--port", type=int, default=8780, metavar="PORTA", help="porta; 0 escolhe uma livre (8780)"
    )
    return asked


def main(argv: Sequence[str], config: Path | None) -> int:
    """Serve until SIGTERM or Ctrl+C.

    Raises:
        ConfigError: the store charges nobody every month, or the token is missing.
    """
    asked = options().parse_args(argv)
    settings = load(config)
    if not settings.charges_monthly:
        raise ConfigError(
            'Só o Crédito recorrente integrado recebe notificações: «recurring.mode» = "integrated".'
        )
    token = _token(settings)
    till = Till.beside(settings)
    try:
        return _serve(till, token, asked.host, asked.port)
    finally:
        till.close()


def _token(settings: Config) -> str:
    if settings.training:
        from pos_tui.providers.sandbox import KEY

        return KEY
    return secret("recurring.asaas.webhook_token", settings).reveal()


def _serve(till: Till, token: str, host: str, port: int) -> int:
    import socket

    import uvicorn

    from pos_tui.receiver import PATH, Receiver

    receiver = Receiver(till.context.store, till.recurring.watch, lambda: token)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            raise ConfigError(
                f"A porta {port} de {host} não está livre ({os.strerror(error.errno or 0)})."
            ) from None
        sys.stdout.write(f"{READY}http://{host}:{listening.getsockname()[1]}{PATH}\n")
        sys.stdout.flush()
        server = uvicorn.Server(
            uvicorn.Config(receiver.app(), log_level="warning", access_log=False, server_header=False)
        )
        server.run(sockets=[listening])
    return Exit.OK
