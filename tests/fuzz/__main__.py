"""Fuzzing guided by coverage, with atheris: `make fuzz`, or `python -m tests.fuzz TARGET … --seconds 60`.

What makes a target fail is written into `--found`, and makes the exit code 1. A failure that was mended
becomes a line of `test_targets.py`, which runs with every other test.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

LONGEST = 16_000


def main() -> int:
    """Fuzz each target in a process of its own: atheris never comes back."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", nargs="*", help="only these")
    parser.add_argument("--seconds", type=int, default=60, help="for each")
    parser.add_argument("--found", type=Path, default=Path(".fuzz"), help="where what failed is written")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    asked.found.mkdir(exist_ok=True)
    if asked.inside:
        _fuzz(asked.target[0], asked.seconds, asked.found)
    from tests.fuzz.targets import TARGETS

    failed = [name for name in asked.target or TARGETS if not _passes(name, asked.seconds, asked.found)]
    print(f"{', '.join(failed)} failed: see {asked.found}" if failed else "nothing failed")
    return int(bool(failed))


def _passes(name: str, seconds: int, found: Path) -> bool:
    print(f"{name}:", flush=True)
    options = ["--inside", "--seconds", str(seconds), "--found", str(found)]
    return subprocess.run([sys.executable, "-m", "tests.fuzz", name, *options], check=False).returncode == 0


def _fuzz(name: str, seconds: int, found: Path) -> None:
    import atheris

    with atheris.instrument_imports(include=["pos_tui"]):
        from tests.fuzz.seeds import seeds
        from tests.fuzz.targets import TARGETS
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds(name)):
            (Path(corpus) / str(number)).write_bytes(seed)
        options = [f"-max_total_time={seconds}", f"-artifact_prefix={found}/{name}-", f"-max_len={LONGEST}"]
        atheris.Setup([sys.argv[0], *options, "-verbosity=0", "-print_final_stats=1", corpus], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
