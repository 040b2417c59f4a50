"""The clock, the disk, the database and its journal, and what is kept of them elsewhere."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pos_tui.doctor import Check, Finding, failure, ok, warning
from pos_tui.domain.instants import from_ms, show

if TYPE_CHECKING:
    from pos_tui.till import Till

BACK_MS = 5_000
"""Tills of one store may differ by so much."""
FULL, NEARLY = 50 * 2**20, 500 * 2**20
OLDEST = datetime(2026, 1, 1)  # noqa: DTZ001  compared by its year only
BACKUP_DAYS = 2


def checks(till: "Till") -> list[tuple[str, str, Check]]:
    """Return the checks of what is kept."""
    return [
        ("clock", "Relógio", lambda: _clock(till)),
        ("disk", "Disco", lambda: _disk(till)),
        ("database", "Banco de dados", lambda: _database(till)),
        ("journal", "Diário", lambda: _journal(till)),
        ("backup", "Cópia de segurança", lambda: _backup(till)),
        ("unfinished", "Pendências", lambda: _unfinished(till)),
    ]


def _clock(till: "Till") -> Iterator[Finding]:
    now, zone = till.context.now(), till.context.zone
    told = f"{show(now, zone)} ({till.config.store.timezone})"
    last = till.context.journal.last_at()
    if from_ms(now).year < OLDEST.year:
        yield failure("clock", "Relógio", f"{told}: o ano está errado. Acerte o relógio da máquina.")
    elif last is not None and now < last - BACK_MS:
        behind = timedelta(seconds=(last - now) // 1000)
        words = f"{told}: voltou {behind} em relação ao último registro ({show(last, zone)}). Acerte-o."
        yield failure("clock", "Relógio", words)
    else:
        since = f"; último registro em {show(last, zone)}" if last is not None else ""
        yield ok("clock", "Relógio", f"{told}{since}.")


def _disk(till: "Till") -> Iterator[Finding]:
    places = {"dados": till.folder}
    if till.config.backup.folder:
        places["cópias"] = Path(till.config.backup.folder).expanduser()
    for name, path in places.items():
        if not path.is_dir():
            yield failure("disk", f"Disco ({name})", f"{path} não existe: o outro disco está ligado?")
            continue
        free = shutil.disk_usage(path).free
        told = f"{f'{free / 2**30:.1f}'.replace('.', ',')} GB livres em {path}"
        if free < FULL:
            yield failure("disk", f"Disco ({name})", f"{told}: libere espaço já.")
        elif free < NEARLY:
            yield warning("disk", f"Disco ({name})", f"{told}: libere espaço.")
        else:
            yield ok("disk", f"Disco ({name})", f"{told}.")


def _database(till: "Till") -> Iterator[Finding]:
    from pos_tui.services.health import damage, schema

    unsent = till.unsent()
    if unsent is not None:
        yield _away(till, unsent)
        return
    version, file = schema(till.context), till.database_file
    if file is None:
        yield ok("database", "Banco de dados", f"num servidor, versão {version}.")
        return
    found = damage(file)
    if found:
        words = f"{file} está danificado ({found}). Pare de vender e restaure a última cópia."
        yield failure("database", "Banco de dados", words)
    else:
        size = file.stat().st_size / 2**20
        yield ok(
            "database",
            "Banco de dados",
            f"{file} inteiro, {f'{size:.1f}'.replace('.', ',')} MB, versão {version}.",
        )


def _away(till: "Till", unsent: int) -> Finding:
    """Say what waits, since when, and what hinders it."""
    since = till.unsent_since()
    waits = "nada deste caixa espera por ele"
    if unsent and since is not None:
        when = show(since, till.context.zone)
        waits = f"{unsent} gravação(ões) deste caixa esperam por ele desde {when}"
    hindrance = till.hindrance()
    if not hindrance:
        words = f"o servidor não responde; {waits}. O caixa vende sem ele. Confira a rede e o servidor."
        return warning("database", "Banco de dados", words)
    words = (
        f"o servidor responde mas não aceita o que este caixa guardou; {waits}. {hindrance} Nada se perde "
        "enquanto o arquivo copia-caixa deste caixa estiver na pasta de dados: não o apague; chame o suporte."
    )
    return failure("database", "Banco de dados", words)


def _journal(till: "Till") -> Iterator[Finding]:
    from pos_tui.services.health import broken_elsewhere

    broken = till.cash.broken_chain(whole=True)
    if broken:
        yield failure("journal", "Diário", f"{broken}. Chame o supervisor e guarde o banco como está.")
        return
    elsewhere = broken_elsewhere(till.context)
    for number, line in elsewhere.items():
        words = f"o diário do caixa {number} foi alterado a partir da linha {line}. Chame o supervisor."
        yield failure("journal", "Diário", words)
    if elsewhere:
        return
    last = till.shifts.last()
    seal = f" O lacre do caixa nº {last.number} está nele." if last is not None else ""
    yield ok("journal", "Diário", f"{till.context.journal.length()} linhas, todas encadeadas.{seal}")


def _backup(till: "Till") -> Iterator[Finding]:
    if till.config.training:
        return
    if not till.config.backup.folder:
        words = "nenhuma sozinha: diga a pasta em [backup] folder, ou rode pos-tui backup."
        yield warning("backup", "Cópia de segurança", words)
        return
    kept = till.backups.kept()
    if not kept:
        yield warning("backup", "Cópia de segurança", "nenhuma ainda na pasta configurada.")
        return
    made = datetime.strptime("-".join(kept[0].stem.split("-")[-2:]), "%Y%m%d-%H%M%S")  # noqa: DTZ007
    age = till.now().replace(tzinfo=None) - made
    told = f"{len(kept)} guardada(s), a última de {made:%d/%m/%Y %H:%M}"
    if age > timedelta(days=BACKUP_DAYS):
        yield warning("backup", "Cópia de segurança", f"{told}: já tem {age.days} dias.")
    else:
        yield ok("backup", "Cópia de segurança", f"{told}.")


def _unfinished(till: "Till") -> Iterator[Finding]:
    found = till.audit.unfinished()
    if not found:
        yield ok("unfinished", "Pendências", "nada espera em nenhum caixa.")
        return
    oldest = show(found[0].since, till.context.zone)
    words = f"{len(found)} em todos os caixas, a mais antiga de {oldest}: F12, Supervisão."
    yield warning("unfinished", "Pendências", words)
