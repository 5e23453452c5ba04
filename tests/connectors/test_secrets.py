"""What is kept of an address, a header and a sentence that hold a secret."""

import re
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.secrets import safe_address, safe_header, stand_in, without_secrets_around, without_tokens

SIGNED = "eyJhbGciOiJIUzI1NiJ9.eyJyZXNvdXJjZSI6eyJkYXNoYm9hcmQiOjIzNn19.c2lnbmF0dXJl"
SECRET = "s3cr3t-Canary_0"


@pytest.mark.parametrize(
    "address",
    [
        f"https://a.fr/api/embed/dashboard/{SIGNED}",
        f"https://a.fr/embed/dashboard/{SIGNED}#bordered=false",
        f"https://a.fr/?token={SECRET}",
        f"https://a.fr/?x=1&token_auth={SECRET}&y=2",
        f"https://a.fr/?access_token={SECRET}#f",
        f"https://a.fr/#access_token={SECRET}",
        f"https://a.fr/?apikey={SECRET}",
        f"https://a.fr/?api_key={SECRET}",
        f"https://a.fr/?API-Key={SECRET}",
        f"https://a.fr/?key={SECRET}",
        f"https://a.fr/?X-Amz-Signature={SECRET}",
        f"https://a.fr/?sv=2024&sig={SECRET}",
        f"https://a.fr/stats;jsessionid={SECRET}?x=1",
        f"https://user:{SECRET}@a.fr/",
        f"https://a.fr/login?next={quote(f'https://b.fr/?token={SECRET}&x=1', safe='')}",
    ],
)
def test_an_address_is_kept_without_its_secret(address: str) -> None:
    kept = safe_address(address)
    assert SECRET not in kept
    assert SIGNED not in kept
    assert urlsplit(kept).hostname == "a.fr"
    assert re.search(r"withheld-[0-9a-f]{12}", kept)
    assert safe_address(kept) == kept
    said = without_tokens(f"There is no page at {address}.")
    assert SECRET not in said
    assert SIGNED not in said
    assert without_tokens(said) == said


@pytest.mark.parametrize(
    "address",
    [
        "https://a.fr/stats?page=2&monkey=1&keys=3",
        "https://a.fr/stats?token={token}",
        "https://a.fr/stats?token=%7Btoken%7D",
        "https://a.fr/@equipe/stats",
        "https://a.fr/stats?q=a@b.fr",
        "https://a.fr/public/dashboard/2084d346-8e3b-495e-9b10-b4870a35632a",
    ],
)
def test_an_address_without_secrets_is_kept_as_it_is(address: str) -> None:
    assert safe_address(address) == address


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("Set-Cookie", f"sid={SECRET}=; Path=/; HttpOnly", "sid=withheld; Path=/; HttpOnly"),
        ("set-cookie", SECRET, "withheld"),
        ("Cookie", f"a={SECRET}; b={SECRET}", "a=withheld; b=withheld"),
        ("Authorization", f"Bearer {SECRET}", "withheld"),
        ("X-CSRF-Token", SECRET, "withheld"),
        ("X-Api-Key", SECRET, "withheld"),
        ("Location", f"/stats?token={SECRET}", f"/stats?token={stand_in(SECRET)}"),
        ("Link", f"</?key={SECRET}>; rel=next", f"</?key={stand_in(SECRET)}>; rel=next"),
        ("Content-Type", "text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("WWW-Authenticate", 'Basic realm="stats"', 'Basic realm="stats"'),
        ("ETag", '"5d8c72a5edda8d6a"', '"5d8c72a5edda8d6a"'),
    ],
)  # fmt: skip
def test_a_header_is_kept_without_its_secret(name: str, value: str, kept: str) -> None:
    assert safe_header(name, value) == kept
    assert safe_header(name, kept) == kept


def test_a_secret_that_no_rule_knows_is_given() -> None:
    address = "https://a.fr/api/first+token/data?cle=first%2Btoken"
    withheld = stand_in("first+token")
    assert safe_address(address, ["first+token", "", "data"]) == (
        f"https://a.fr/api/{withheld}/data?cle={withheld}"
    )


@given(st.text(st.characters(exclude_characters="&;#\"'<>%{", exclude_categories=("Z", "C")), min_size=1))
def test_two_secrets_stay_two_addresses_and_one_stays_one(secret: str) -> None:
    kept = safe_address(f"https://a.fr/?token={secret}")
    assert kept == safe_address(f"https://a.fr/?token={secret}")
    assert kept != safe_address(f"https://a.fr/?token={secret}x")
    assert kept == f"https://a.fr/?token={stand_in(secret)}"


@given(st.text())
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    assert safe_address(safe_address(text)) == safe_address(text)
    assert without_tokens(without_tokens(text)) == without_tokens(text)


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("Nous comptons # dossiers", ("Nous comptons ", " dossiers")),
        (f'{{"u": "https://a.fr/?token={SECRET}&x=1", "n": #}}', ('&x=1", "n": ', "}")),
        (f'{{"n": #, "u": "https://a.fr/?token={SECRET}"}}', ('{"n": ', ', "u": "https://a.fr/?token=')),
        (f'{{"apiToken": "{SECRET}", "n": #}}', ('", "n": ', "}")),
        (f'<meta name="api-token" content="{SECRET}"><b>#</b>', ('"><b>', "</b>")),
        (f"<iframe src='/embed/dashboard/{SIGNED}#t'></iframe> #", ("#t'></iframe> ", "")),
        (f"https://moi:{SECRET}@a.fr/ #", ("@a.fr/ ", "")),
        (f"{SECRET} https://a.fr/?sig={'x' * 90}{SECRET} #", (" ", "")),  # its beginning is far away
        (f"# https://a.fr/?sig={SECRET * 20} fin", ("", " https://a.fr/?sig=")),
        ('{"key": "dossiers", "n": #}', ('{"key": "dossiers", "n": ', "}")),
    ],
)
def test_the_words_around_a_figure_end_at_a_secret(text: str, around: tuple[str, str]) -> None:
    start = text.index("#", text.index("#t") + 1 if "#t" in text else 0)
    assert without_secrets_around(text, start, start + 1, 64) == around


PROSE = st.text(alphabet="ab &'\"=?", max_size=200)


@given(PROSE, PROSE, st.integers(0, 99))
def test_the_words_around_a_figure_are_those_of_the_text(before: str, after: str, width: int) -> None:
    text = f"{before} https://a.fr/?token={SECRET} {before}#{after} https://a.fr/?token={SECRET}"
    start = text.index("#")
    words = without_secrets_around(text, start, start + 1, width)
    assert text.startswith(f"{words[0]}#{words[1]}", start - len(words[0]))
    assert not any(SECRET[at : at + 4] in each for each in words for at in range(len(SECRET) - 3))
