"""The example configuration: it loads as it stands, says every key, and tells the defaults truly."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import asdict

from pos_tui.config import Config, load
from pos_tui.settings import Section

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
SPARSE = {"source"}
"""Not a key: where the config came from."""


def names(settings: Section, prefix: str = "") -> Iterator[str]:
    """Yield the dotted name of every key below some settings."""
    for key, value in asdict(settings).items():
        name = f"{prefix}{key}"
        if isinstance(value, Section):
            yield from names(value, f"{name}.")
        elif name not in SPARSE:
            yield name


def written(tree: dict[str, object], prefix: str = "") -> Iterator[str]:
    """Yield the dotted name of every key in a TOML tree."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from written(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


def test_it_says_every_key_and_no_other() -> None:
    assert sorted(written(tomllib.loads(EXAMPLE.read_text("utf-8")))) == sorted(names(Config()))


def test_it_opens_in_training_until_somebody_decides_otherwise() -> None:
    assert load(EXAMPLE).training


def test_it_is_complete_for_production(tmp_path: Path) -> None:
    text = EXAMPLE.read_text("utf-8")
    real = tmp_path / "config.toml"
    real.write_text(text.replace("training = true", "training = false"), "utf-8")
    config = load(real)
    assert not config.training
    assert config.topup.rv.url.startswith("https://")


def default_of(name: str) -> object:
    """Return what a key is worth when it is left out."""
    value: object = Config()
    for part in name.split("."):
        value = getattr(value, part)
    return value


def told_defaults() -> Iterator[tuple[str, str]]:
    """Yield each key with the default that its comment tells in parentheses."""
    section = ""
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if found := re.match(r"\[([a-z.]+)\]", line):
            section = found[1]
        elif found := re.match(r"([a-z_]+) = .*\((.+)\)$", line):
            yield f"{section}.{found[1]}", found[2]


SAME_AS_WRITTEN = {"este", "estes", "as três"}
"""The comment says: what stands here is the default."""


@pytest.mark.parametrize(("name", "told"), told_defaults())
def test_the_defaults_it_tells_are_the_defaults(name: str, told: str) -> None:
    if told in SAME_AS_WRITTEN:
        value: object = load(EXAMPLE)
        for part in name.split("."):
            value = getattr(value, part)
        assert value == default_of(name)
    elif told == "vazio":
        assert default_of(name) == ""
    else:
        (value,) = tomllib.loads(f"value = {told}").values()
        default = default_of(name)
        assert value == (list(default) if isinstance(default, tuple) else default)


def test_every_key_tells_its_default() -> None:
    assert sorted(name for name, _ in told_defaults()) == sorted(names(Config()))
