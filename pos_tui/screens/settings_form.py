"""One group of settings as a form; what another answer rules out is not asked."""

from pos_tui.config import Config
from pos_tui.domain.errors import ConfigError
from pos_tui.screens.settings_entry import ANYTHING, Entry, Group, Kind, field_of, read, secrets, shown
from pos_tui.services.config_file import Setting
from pos_tui.services.setup import Editing, key_of, told
from pos_tui.widgets.fields import ChoiceField, Option
from pos_tui.widgets.form import Form


class SettingsForm(Form):
    """Filled with what the config says now."""

    def __init__(self, group: Group, editing: Editing, config: Config | None = None) -> None:
        entries = group.entries
        kept = {one.name for one in entries if one.kind is Kind.SECRET and editing.keeps(one.name)}
        super().__init__([field_of(one, one.name in kept) for one in entries])
        self.entries = entries
        self._config = config or editing.config
        for one in entries:
            self._fill(one, shown(one, self._config))
        self.show_asked()

    def _fill(self, entry: Entry, text: str) -> None:
        field = self.fields[entry.name]
        if isinstance(field, ChoiceField) and text not in [option.key for option in field.options]:
            field.set_options([*field.options, Option(text, text)])
        self.set(entry.name, text)

    def show_asked(self) -> None:
        """Show what is asked for by the answers so far."""
        for one in self.entries:
            if one.when is not None:
                name, value = one.when
                typed = "" if self.fields[name].hidden else self.text(name)
                self.show(one.name, bool(typed) if value == ANYTHING else typed == value)

    @property
    def typed(self) -> dict[str, str]:
        """What every field on show holds."""
        return {name: self.text(name) for name, field in self.fields.items() if not field.hidden}

    @property
    def changes(self) -> dict[str, Setting]:
        """The settings that are not as they were."""
        return read(self.entries, self.typed, self._config)

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets that were typed."""
        return secrets(self.entries, self.typed)

    def accept(self, error: ConfigError) -> bool:
        """Tell an error at the field it is about; False when it is about none of them."""
        name = key_of(error)
        for one in self.entries:
            if one.name == name or (one.kind is Kind.MEMBER and one.name.rpartition(".")[0] == name):
                self.show(one.name)
                self.error(one.name, told(error))
                return True
        return False
