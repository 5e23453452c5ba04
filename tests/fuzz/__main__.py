"""Fuzz, for a time: ``python -m tests.fuzz [--seconds N] [TARGET…]``; needs ``atheris``.

What reaches new code is added to the corpus of its target; a finding is written to ``--findings`` and
belongs, when it is mended, in the corpus as a file with a name that says what it was.
"""

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).with_name("corpus")
LONGEST = {"reports": 4096, "numbers": 220, "dates": 120}
"""Bytes of an input, where the usual 2,048 are too few or more than the reader looks at."""

_DONE = re.compile(r"Done (\d+) runs|#(\d+)\s+(?:DONE|pulse|NEW|REDUCE)")


@dataclass(frozen=True)
class Fuzzed:
    """``runs`` of a target; ``found`` is what ended it before its time, in the fuzzer's own words."""

    target: str
    runs: int
    found: str


def fuzz(target: str, seconds: int, findings: Path, corpus: Path = CORPUS) -> Fuzzed:
    """Fuzz one target; its corpus grows."""
    findings.mkdir(parents=True, exist_ok=True)
    own = corpus / target
    own.mkdir(parents=True, exist_ok=True)
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST.get(target, 2048)}", "-timeout=20"]
    options += [f"-artifact_prefix={findings}/{target}-", str(own)]
    command = [sys.executable, "-m", "tests.fuzz.run", target, *options]
    ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    runs = max((int(done or at) for done, at in _DONE.findall(ended.stderr)), default=0)
    said = (ended.stdout + ended.stderr).strip().splitlines()
    return Fuzzed(target, runs, "" if ended.returncode == 0 else "\n".join(said[-25:]))


def main() -> None:
    """Fuzz each target in turn, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=main.__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=300, help="for each target")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--findings", type=Path, default=Path("data/findings"))
    options = parser.parse_args()
    if find_spec("atheris") is None:
        sys.exit("Fuzzing needs atheris 3: pip install -e '.[fuzz]'")
    every = [
        fuzz(name, options.seconds, options.findings, options.corpus) for name in options.targets or TARGETS
    ]
    for one in every:
        print(f"{one.target}: {one.runs:,} runs, {'a finding' if one.found else 'no finding'}")
        print(one.found, end="\n" if one.found else "")
    sys.exit(any(one.found for one in every))


if __name__ == "__main__":
    main()
