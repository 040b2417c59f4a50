"""`[database] url` alone makes a till one of a store: its server, and its copy beside its other data."""

from pathlib import Path

import pytest

from pos_tui.domain.errors import StoreError
from pos_tui.domain.values import replace
from pos_tui.settings.store import DatabaseSettings
from pos_tui.till import Till
from tests.cable import cable
from tests.postgres import needed, running
from tests.scale.islands import address, make_database, store_of
from tests.tills import SELLER, settings

pytestmark = needed()


def test_the_address_is_all_it_takes(tmp_path: Path) -> None:
    with running() as server, cable(server.port) as line:
        make_database(server.port)
        shop = settings(database=DatabaseSettings(url=address(line.port)))
        config = replace(shop, source=tmp_path / "config.toml")
        assert not config.training
        till = Till.open(config, folder=tmp_path / "data")
        sale = till.sales.store(till.sales.current("1 Balcão", SELLER))
        assert (tmp_path / "data" / "copia-caixa-1.db").stat().st_mode & 0o077 == 0
        till.close()

        line.pull()
        till = Till.open(config, folder=tmp_path / "data")
        assert till.unsent() == 0 and store_of(till).away
        assert till.sales.current("1 Balcão", SELLER).id == sale.id
        till.close()

        with pytest.raises(StoreError, match="não tem cópia"):
            Till.open(config, folder=tmp_path / "another machine")
