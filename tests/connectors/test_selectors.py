"""Exactly one, folding, and the way back from folded text to the characters of the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import Ambiguous, NotFound
from connectors.selectors import exactly_one, figure_span, fold, label, trim, words_around

TEXT = st.text(st.sampled_from("ab1 \u00a0\u202f\u2009\n\t\u2019\u02bc':é"))


def test_one_match_is_the_match() -> None:
    assert exactly_one(["x"], "it") == "x"


def test_no_match_is_not_found() -> None:
    with pytest.raises(NotFound, match="nothing matches the thing"):
        exactly_one([], "the thing")


def test_two_matches_are_ambiguous() -> None:
    with pytest.raises(Ambiguous, match="2 places match the thing"):
        exactly_one(["x", "x"], "the thing")


@pytest.mark.parametrize(
    ("printed", "compared"),
    [
        ("Dossiers\u00a0déposés :", "Dossiers déposés"),
        ("  Dossiers\n   déposés\u202f: ", "Dossiers déposés"),
        ("promesses d\u2019action", "promesses d'action"),
        ("promesses d\u02bcaction", "promesses d'action"),
        ("1\u2009000", "1 000"),
        ("Dossiers", "Dossiers"),
        ("dossiers", "dossiers"),
    ],
)
def test_labels_are_compared_after_folding(printed: str, compared: str) -> None:
    assert label(printed) == compared


@given(TEXT)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert label(text) == label(fold(text))


def test_the_figure_of_a_sentence_keeps_the_characters_of_the_page() -> None:
    text = "Plus  de\u00a01\u202f575\u202f332\n simulations"
    start, end = figure_span(r"Plus de (?P<figure>[\d ]+) simulations", text)
    assert text[slice(*trim(text, start, end))] == "1\u202f575\u202f332"


@pytest.mark.parametrize(
    ("pattern", "error", "sentence"),
    [
        (r"(?P<figure>\d+) dossiers", NotFound, "nothing matches the pattern"),
        (r"(?P<figure>\d+) RDV", Ambiguous, "2 places match the pattern"),
        (r"RDV(?P<figure>x)?", NotFound, "nothing matches the pattern"),
    ],
)
def test_a_pattern_matches_exactly_once(pattern: str, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        figure_span(pattern, "12 RDV et 13 RDV")


@given(TEXT, TEXT)
def test_the_way_back_from_folded_text(before: str, after: str) -> None:
    text = f"{before}X 4\u202f5 X{after}"
    start, end = figure_span(r"X (?P<figure>.*) X", text)
    assert text[start:end] == "4\u202f5"


def test_python_agrees_with_itself_on_what_a_space_is() -> None:
    characters = [chr(code) for code in range(0x11_0000)]
    assert [c for c in characters if c.isspace()] == [c for c in characters if fold(c) == " "]


def test_words_around_are_at_most_64_characters() -> None:
    text = "a" * 100 + "9" + "b" * 100
    assert words_around(text, 100, 101) == ("a" * 64, "b" * 64)
    assert words_around("9", 0, 1) == ("", "")
