"""The demo's world: services of every way of publishing, and the portfolio, on the loopback interface.

Each host of each service has its own port, and answers with the bodies of ``tests/pages`` as they
stood on a day::

    tests/pages/<service id>/<day>/<host>/<path>.html | .json

so that a URL of a service file says by itself which file answers it.  Query strings are ignored.
The statistics pages of products that have no service file are in ``unconfigured/<host>/<path>.html``; their
addresses in the portfolio lead to one port, which answers with these, and with 404 for the others.
"""

import argparse
import json
import re
import socketserver
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import yaml

PAGES = Path(__file__).parents[1] / "pages"
PORTFOLIO = Path(__file__).with_name("portfolio.yml")
UNCONFIGURED = Path(__file__).with_name("unconfigured")
SPECS = Path(__file__).parents[2] / "connectors" / "services"
SAVED = sorted(folder.name for folder in PAGES.iterdir() if folder.is_dir())
"""The services of which pages are saved."""

OF_2023 = (
    "ban", "conseillers-entreprises", "demarches-simplifiees.fr", "domifa", "dossierfacile", "eva",
    "jeveuxaider", "l-immersion-facile", "nosgestesclimat", "preuve-de-covoiturage", "rdv-service-public",
    "signalement", "tchap", "trackdechets",
)  # fmt: skip
"""The services of national impact whose figures Bilan 2023 prints; their pages are saved for two years."""

TYPES = {".html": "text/html; charset=utf-8", ".json": "application/json", ".csv": "text/csv; charset=utf-8"}

_URL = re.compile(r"(?m)^(?P<key>\s*-?\s*url:\s*)https://(?P<host>[^/\s]+)")

LOGIN_PAGE = """<!DOCTYPE html>
<html lang="fr">
<head><meta charset="utf-8"><title>Connexion</title></head>
<body>
  <main>
    <h1>Connectez-vous</h1>
    <p>Cet espace est réservé aux agents habilités.</p>
    <form method="post" action="/connexion">
      <label for="courriel">Adresse électronique</label> <input id="courriel" name="courriel" type="email">
      <label for="secret">Mot de passe</label> <input id="secret" name="secret" type="password">
      <button type="submit">Se connecter</button>
    </form>
    <p><a href="/mot-de-passe-oublie">Mot de passe oublié ?</a></p>
  </main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a port answers to one path."""

    status: int
    content_type: str
    body: bytes


NOTHING = Reply(404, TYPES[".html"], b"<!DOCTYPE html><title>Page introuvable</title>")
ROBOTS = Reply(200, "text/plain; charset=utf-8", b"User-agent: *\nAllow: /\n")
LOGIN = Reply(200, TYPES[".html"], LOGIN_PAGE.encode())

Answer = Callable[[str], Reply]
"""From the path of a URL, without its query, to a reply."""


# ------------------------------------------------------------------------------------ bodies


def days(service_id: str) -> list[date]:
    """The days on which the pages of a service were saved, oldest first."""
    return sorted(date.fromisoformat(folder.name) for folder in (PAGES / service_id).iterdir())


def body_of(service_id: str, day: date, url: str) -> Path | None:
    """The file that ``url`` answered with on one of the :func:`days`, if there is one."""
    parts = urlsplit(url)
    return _files(PAGES / service_id / day.isoformat() / parts.netloc).get(parts.path.strip("/") or "index")


def _files(folder: Path) -> dict[str, Path]:
    """Every body below the folder of a host, by the path that asks for it."""
    return {file.relative_to(folder).with_suffix("").as_posix(): file for file in folder.rglob("*.*")}


def status_of(url: str) -> int:
    """200, except that Metabase answers 202 to a query."""
    return 202 if re.search(r"/api/public/.*/card/", url) else 200


def _saved(service_id: str, day: date, url: str) -> Reply:
    """The latest body saved on ``day`` or before."""
    past = [each for each in days(service_id) if each <= day]
    file = body_of(service_id, past[-1], url) if past else None
    return Reply(status_of(url), TYPES[file.suffix], file.read_bytes()) if file else NOTHING


# --------------------------------------------------------------------------------- portfolio


def portfolio(day: date, version: str = "v2.6") -> dict[str, Any]:
    """The portfolio as the programme's API gave it on ``day``.

    ``v2.6`` carries the ids that products had then and its own slip, a path before the ids of
    the included incubators; ``v2.7`` carries the ids of today, and every incubator of a product.
    """
    facts = yaml.safe_load(PORTFOLIO.read_text(encoding="utf-8"))
    known = [product for product in facts["products"] if _begun(product, day)]
    prefix = "/incubators/" if version == "v2.6" else ""
    return {
        "links": {"self": f"https://beta.gouv.fr/api/{version}/startups"},
        "data": [_product(product, day, version) for product in known],
        "included": [_incubator(prefix + each, about) for each, about in facts["incubators"].items()],
    }


def _begun(product: Mapping[str, Any], day: date) -> bool:
    return any(phase["start"] <= day for phase in product["phases"] if "start" in phase)


def _product(product: Mapping[str, Any], day: date, version: str) -> dict[str, Any]:
    attributes = {"stats_url": ""} | product["attributes"]
    attributes |= {"contact": "", "content_url_encoded_markdown": "", "sponsors": []}
    attributes["phases"] = [
        _phase(phase, day) for phase in product["phases"] if phase.get("start", day) <= day
    ]
    attributes["events"] = [
        {"name": event["name"], "date": event["date"].isoformat(), "comment": ""}
        for event in product["events"]
        if event["date"] <= day
    ]
    former = product.get("formerly", product["id"])
    return {
        "id": former if version == "v2.6" else product["id"],
        "type": "startup",
        "attributes": attributes,
        "relationships": _relationships(product["incubator"], version),
    }


def _phase(phase: Mapping[str, Any], day: date) -> dict[str, str]:
    """A phase as known on ``day``: an end still to come is not known."""
    end = phase.get("end")
    return {
        "name": phase["name"],
        "start": phase["start"].isoformat() if "start" in phase else "",
        "end": end.isoformat() if end and end <= day else "",
    }


def _relationships(incubator: str, version: str) -> dict[str, Any]:
    reference = {"type": "incubator", "id": incubator}
    several = {"incubators": {"data": [reference]}} if version != "v2.6" else {}
    return {"incubator": {"data": reference}} | several


def _incubator(incubator_id: str, about: Mapping[str, str]) -> dict[str, Any]:
    attributes = {**about, "website": "", "github": "", "contact": ""}
    return {"id": incubator_id, "type": "incubator", "attributes": attributes}


# ------------------------------------------------------------------------------------- ports


class _Handler(BaseHTTPRequestHandler):
    """Answers GET, and says nothing on stderr."""

    server: "Port"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        reply = ROBOTS if path == "/robots.txt" else self.server.answer(path)
        self.send_response_only(reply.status)  # no Date: the same day gives the same bytes
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class Port(ThreadingHTTPServer):
    """One loopback port.  While it is not listening, connections are refused and nobody else gets it."""

    def __init__(self, answer: Answer, *, listening: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), _Handler, bind_and_activate=False)
        self.answer = answer
        self.listening = listening
        self.server_bind()
        if listening:
            self.server_activate()

    def server_bind(self) -> None:
        """Without the look-up of the host's name, which may wait for a resolver."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def start(self) -> None:
        if self.listening:
            threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self) -> None:
        if self.listening:
            self.shutdown()
        self.server_close()


class ReplicaServer:
    """Some services of ``connectors/services`` and the portfolio, from entering to leaving the context.

    ``day`` decides which bodies are served and may be set at any time: the latest ones saved on
    that day or before, and 404 before the first.  A service named in ``down`` refuses
    connections; one in ``login`` answers every path with a login page and status 200.  ``redesigned``
    may be set at any time: what a redesign makes of the HTML pages of a service.
    """

    def __init__(
        self,
        services: Collection[str] = OF_2023,
        *,
        down: Collection[str] = ("tchap",),
        login: Collection[str] = ("l-immersion-facile",),
    ) -> None:
        self._files = [SPECS / f"{service_id}.yml" for service_id in sorted(services)]
        self.day = date(2023, 12, 31)
        self.redesigned: dict[str, Callable[[bytes], bytes]] = {}
        self._down, self._login = frozenset(down), frozenset(login)
        self._ports: dict[tuple[str, str], Port] = {}
        self._portfolio = Port(self._portfolio_reply)
        self._elsewhere = Port(_unconfigured)
        for service_id, host in _hosts(self._files):
            self._ports[service_id, host] = self._port(service_id, host)
        self._moves = {service_id: self._moves_of(service_id) for service_id in services}

    def __enter__(self) -> Self:
        for port in self._all:
            port.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(Port.stop, self._all))

    @property
    def hosts(self) -> list[str]:
        """Every ``host:port``, for ``--allow-host``."""
        return [port.host for port in self._all]

    @property
    def portfolio_url(self) -> str:
        """The portfolio in the shape of the day (v2.6)."""
        return self.portfolio_url_of("v2.6")

    def portfolio_url_of(self, version: str) -> str:
        """The portfolio in the shape of ``v2.6`` or ``v2.7``."""
        return f"http://{self._portfolio.host}/api/{version}/startups.json"

    def url(self, service_id: str, url: str) -> str:
        """Where a URL of a service file is served here: another scheme and host, and nothing else."""
        host = urlsplit(url).netloc
        return url.replace(f"https://{host}", self._origin(service_id, host), 1)

    def specs(self, directory: Path, *, opened: bool = False) -> Path:
        """Write the service files, every URL leading here; ``opened`` keeps those that publish by ``day``."""
        directory.mkdir(parents=True, exist_ok=True)
        for file in directory.glob("*.yml"):
            file.unlink()
        for file in self._files:
            if opened and days(file.stem)[0] > self.day:
                continue
            text = self._moved(file.stem, file.read_text(encoding="utf-8"))
            (directory / file.name).write_text(text, encoding="utf-8")
        return directory

    @property
    def _all(self) -> list[Port]:
        return [self._portfolio, self._elsewhere, *self._ports.values()]

    def _port(self, service_id: str, host: str) -> Port:
        if service_id in self._login:
            return Port(lambda path: LOGIN)
        return Port(
            lambda path: self._body(service_id, f"https://{host}{path}"),
            listening=service_id not in self._down,
        )

    def _body(self, service_id: str, url: str) -> Reply:
        """A saved body, in which the addresses of the service's hosts lead here too."""
        reply = _saved(service_id, self.day, url)
        body = reply.body
        if service_id in self.redesigned and reply.content_type == TYPES[".html"]:
            body = self.redesigned[service_id](body)
        for there, here in self._moves[service_id].items():
            body = body.replace(there, here)
        return replace(reply, body=body)

    def _moves_of(self, service_id: str) -> dict[bytes, bytes]:
        """Each origin of a service as a page writes it, with where it is served here."""
        here = {host: self._origin(service_id, host) for name, host in self._ports if name == service_id}
        plain = {f"https://{host}": origin for host, origin in here.items()}
        escaped = {there.replace("/", r"\/"): origin.replace("/", r"\/") for there, origin in plain.items()}
        return {there.encode(): origin.encode() for there, origin in (plain | escaped).items()}

    def _origin(self, service_id: str, host: str) -> str:
        return f"http://{self._ports[service_id, host].host}"

    def _moved(self, service_id: str, text: str) -> str:
        """A service file, leading here."""
        return _URL.sub(lambda found: found["key"] + self._origin(service_id, found["host"]), text)

    def _portfolio_reply(self, path: str) -> Reply:
        found = re.fullmatch(r"/api/(v2\.[67])/startups\.json", path)
        if found is None:
            return NOTHING
        told = portfolio(self.day, found[1])
        here = f"http://{self._elsewhere.host}"
        for attributes in (product["attributes"] for product in told["data"]):
            attributes["stats_url"] = re.sub("^https?:/", here, attributes["stats_url"])
        return Reply(200, TYPES[".json"], json.dumps(told, ensure_ascii=False).encode())


def _unconfigured(path: str) -> Reply:
    """The page of a product without a service file, at ``/<host>/<path>``."""
    file = _files(UNCONFIGURED).get(path.strip("/"))
    return Reply(200, TYPES[file.suffix], file.read_bytes()) if file else NOTHING


def _hosts(files: Iterable[Path]) -> list[tuple[str, str]]:
    """Each host of each service file, and those that its pages lead to, once."""
    files = list(files)
    named = {(file.stem, found["host"]) for file in files for found in _URL.finditer(file.read_text("utf-8"))}
    saved = {(file.stem, host.name) for file in files for host in (PAGES / file.stem).glob("*/*/")}
    return sorted(named | saved)


# -------------------------------------------------------------------------------- by hand


def _command(server: ReplicaServer, specs: Path) -> str:
    """The night to run against ``server``."""
    hosts = "".join(f" --allow-host {host}" for host in server.hosts)
    at = f"{server.day}T22:00:00+01:00"
    return f"impact night --portfolio {server.portfolio_url} --services {specs} --at {at}{hosts}"


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--day", type=date.fromisoformat, default=date(2023, 12, 31))
    parser.add_argument("--specs", type=Path, required=True, help="where the service files are written")
    options = parser.parse_args()
    with ReplicaServer() as server:
        server.day = options.day
        print(_command(server, server.specs(options.specs)), flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
