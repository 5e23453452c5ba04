"""The demo's world is what its documentation says."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import requests

from connectors.catalog import load
from connectors.portfolio import read
from tests.tools.replica_server import OF_2023, SPECS, ReplicaServer, body_of, portfolio

CONSEILLERS = "https://conseillers-entreprises.service-public.gouv.fr/stats"
DASHBOARD = (
    "https://metabase-publicstats-signalconso.cleverapps.io"
    "/api/public/dashboard/a42aa668-f374-48e1-9120-8610f2a2b76b"
)
END_OF_2022, END_OF_2023 = date(2022, 12, 31), date(2023, 12, 31)


@pytest.fixture(scope="module")
def server() -> Iterator[ReplicaServer]:
    with ReplicaServer() as server:
        yield server


def _get(url: str) -> requests.Response:
    return requests.get(url, timeout=30)


@pytest.mark.parametrize(
    ("day", "saved"),
    [(END_OF_2022, END_OF_2022), (date(2023, 6, 1), END_OF_2022), (END_OF_2023, END_OF_2023)],
)
def test_the_latest_body_of_the_day_or_before_is_served(
    server: ReplicaServer, day: date, saved: date
) -> None:
    server.day = day
    file = body_of("conseillers-entreprises", saved, CONSEILLERS)
    assert file is not None
    assert _get(server.url("conseillers-entreprises", CONSEILLERS)).content == file.read_bytes()


def test_nothing_is_served_before_the_first_day(server: ReplicaServer) -> None:
    server.day = date(2022, 12, 30)
    assert _get(server.url("conseillers-entreprises", CONSEILLERS)).status_code == 404


def test_metabase_answers_202_to_a_query(server: ReplicaServer) -> None:
    server.day = END_OF_2023
    assert _get(server.url("signalement", DASHBOARD)).status_code == 200
    card = _get(server.url("signalement", f"{DASHBOARD}/dashcard/21/card/301"))
    assert (card.status_code, card.json()["data"]["rows"]) == (202, [[173154]])


def test_a_service_that_is_down_refuses_connections(server: ReplicaServer) -> None:
    with pytest.raises(requests.ConnectionError):
        _get(server.url("tchap", "https://stats.tchap.incubateur.net/"))


def test_a_service_behind_a_login_answers_200_with_a_password_field(server: ReplicaServer) -> None:
    reply = _get(server.url("l-immersion-facile", "https://immersion-facile.beta.gouv.fr/stats"))
    assert reply.status_code == 200
    assert 'type="password"' in reply.text


def test_only_scheme_and_host_of_a_service_file_change(server: ReplicaServer, tmp_path: Path) -> None:
    assert set(load(server.specs(tmp_path / "services"))) == set(OF_2023)
    for file in (tmp_path / "services").iterdir():
        before, after = (SPECS / file.name).read_text("utf-8"), file.read_text("utf-8")
        changed = [
            pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]
        ]
        assert len(changed) == before.count("- url: ")
        for old, new in changed:
            assert new.split("/", 3)[2] in server.hosts
            assert new.split("/", 3)[3:] == old.split("/", 3)[3:]


@pytest.mark.parametrize(("day", "designated"), [(END_OF_2022, 18), (END_OF_2023, 24)])
def test_the_portfolio_counts_as_the_programme_printed(
    server: ReplicaServer, day: date, designated: int
) -> None:
    server.day = day
    products = read(_get(server.portfolio_url).content).products
    assert sum(any(e.name == "national_impact" for e in each.events) for each in products) == designated
    assert all(event.date and event.date <= day for each in products for event in each.events)


def test_products_go_by_the_id_of_the_day_in_v26_and_of_today_in_v27() -> None:
    then = {each["id"] for each in portfolio(END_OF_2023, "v2.6")["data"]}
    today = {each["id"] for each in portfolio(END_OF_2023, "v2.7")["data"]}
    assert then - today == {"locatio", "place-des-entreprises", "itou"}
    assert today - then == {"dossierfacile", "conseillers-entreprises", "les-emplois"}
