"""A till that is opened behind the first paint, since its imports and database take as long as the paint."""

import contextlib
from typing import TYPE_CHECKING

from pos_tui.config import Config, data_dir
from pos_tui.domain.errors import StoreError

if TYPE_CHECKING:
    from pos_tui.till import Till


UNUSABLE = (
    "A pasta de dados {} não pode ser gravada ({}). Confira as permissões e o espaço do disco: sem gravar, o "
    "caixa não vende."
)


class Opening:
    """The till of a config, opened once, in whatever thread asks for it."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._till: Till | None = None
        self._ending = contextlib.ExitStack()

    def open(self) -> "Till":
        """Open it.

        Raises:
            PosError: it cannot be used.
        """
        from pos_tui.logs import logging_to
        from pos_tui.till import Till

        try:
            self._ending.enter_context(logging_to(data_dir() / "pos-tui.log"))
            self._till = Till.open(self.config)
        except OSError as error:
            raise StoreError(UNUSABLE.format(data_dir(), error.strerror or error)) from error
        return self._till

    def close(self) -> None:
        """Close what was opened."""
        with self._ending:
            if self._till is not None:
                self._till.close()
