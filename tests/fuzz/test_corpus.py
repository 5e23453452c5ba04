"""What the fuzzer kept and found is tried again on every run; and it still runs, where it is installed."""

from pathlib import Path

import pytest

from tests.fuzz.__main__ import CORPUS, fuzz
from tests.fuzz.targets import TARGETS

FILES = [
    pytest.param(target, file, id=f"{target}/{file.name}")
    for target in TARGETS
    for file in sorted((CORPUS / target).iterdir())
]


@pytest.mark.parametrize(("target", "file"), FILES)
def test_every_input_kept_gives_an_answer_or_a_typed_refusal(target: str, file: Path) -> None:
    TARGETS[target](file.read_bytes())


def test_each_target_has_a_corpus_of_its_own() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == TARGETS.keys()


@pytest.mark.parametrize("target", ["numbers", "locators"])
def test_the_fuzzer_runs_for_a_moment_and_finds_nothing(target: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="no atheris here: it is optional, see `python -m tests.fuzz`")
    fuzzed = fuzz(target, 2, tmp_path, tmp_path / "corpus")
    assert fuzzed.found == ""
    assert fuzzed.runs > 0
