"""The sets of keys: no key is lost, what is drawn is what is pressed, and a sale goes by each."""

from pathlib import Path

import pytest

from pos_tui.app import PosApp
from pos_tui.commands.presets import LABELS, PRESETS, Keymap
from pos_tui.domain.values import replace
from pos_tui.screens.confirmation import CONFIRMED, Confirmation
from pos_tui.settings.store import KeysSettings
from pos_tui.till import Till
from tests.terminal import Terminal

FUNCTION_KEYS = {f"f{number}" for number in range(1, 13)}


@pytest.mark.parametrize("preset", PRESETS)
def test_every_function_key_still_gives_what_one_gave_before(preset: str) -> None:
    keymap = Keymap(PRESETS[preset])
    assert {keymap.logical(key) for key in FUNCTION_KEYS} == FUNCTION_KEYS
    assert keymap.logical("f5") == "f5", "F5 asks and never charges, in every set"
    assert keymap.logical("f1") == "f1", "F1 is help, in every set"


@pytest.mark.parametrize("preset", PRESETS)
def test_the_key_that_a_sentence_names_does_what_the_sentence_says(preset: str) -> None:
    keymap = Keymap(PRESETS[preset])
    for key in FUNCTION_KEYS:
        assert keymap.logical(keymap.words(f"Salve com {key.upper()}.")[10:-1].lower()) == key


def test_words_that_are_no_keys_stay() -> None:
    assert Keymap(PRESETS["farmacia"]).words("F100, AF10 e F13") == "F100, AF10 e F13"


def test_every_preset_has_a_name() -> None:
    assert LABELS.keys() == PRESETS.keys()


def pressed(preset: str, key: str) -> str:
    return Keymap(PRESETS[preset]).words(key.upper()).lower()


@pytest.mark.parametrize("preset", PRESETS)
async def test_a_sale_goes_by_the_keys_of_each_preset(till: Till, preset: str) -> None:
    till.config = replace(till.config, keys=KeysSettings(preset=preset))
    app = PosApp(till)
    async with app.run_test() as pilot:
        for keys in (
            ["f3"],
            ["1", *"67999990000", "enter", *"67999990000", "enter", "1"],
            ["f10"],
            ["1", "enter"],
            ["f10"],
            ["enter"],
            ["enter"],
        ):
            await app.workers.wait_for_complete()
            await pilot.press(*(pressed(preset, key) for key in keys))
        await app.workers.wait_for_complete()
        assert isinstance(app.screen, Confirmation)
        assert CONFIRMED in app.screen.message.render_line(0).text


def test_the_screen_names_the_keys_of_the_preset(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[till]\ntraining = true\n[keys]\npreset = "automafour"\n')
    config.chmod(0o600)
    env = {"XDG_DATA_HOME": str(tmp_path / "data")}
    with Terminal.start([*Terminal.PYTHON, "-m", "pos_tui", "--config", str(config)], env=env) as terminal:
        terminal.wait_for("F3 Pagamento")
        terminal.wait_for("F10 Recarga")
        terminal.send("\x1b[21~")  # F10
        terminal.wait_for("[2 Recarga]")
