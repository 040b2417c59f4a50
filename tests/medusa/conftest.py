"""The real server for this folder, started once a run."""

from collections.abc import Iterator

import pytest

from tests.medusa.server import MedusaServer, lacking
from tests.medusa.shop import MedusaShop


@pytest.fixture(scope="session")
def medusa() -> Iterator[MedusaShop]:
    """A Medusa of its own with goods to sell."""
    if missing := lacking():
        pytest.fail(f"make test-medusa needs {missing}")
    server = MedusaServer()
    server.start()
    shop = MedusaShop(server.url)
    shop.open()
    yield shop
    server.stop()
