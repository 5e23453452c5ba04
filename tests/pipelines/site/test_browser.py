"""The site in a real Chromium, opened from the disk: what people see, reach and load."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.pipelines.site.world import CHROMIUM, FLAGS, Site

playwright = pytest.importorskip(
    "playwright.sync_api", reason="no Playwright: pip install playwright", exc_type=ImportError
)

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
KINDS = (
    "home", "services", "service", "service without figures", "refused growth", "figure", "refused figure",
    "replaced figure", "withdrawn figure", "impact national", "portfolio", "reports", "report", "incidents",
    "methods", "search",
)  # fmt: skip
SIZES = {"phone": (375, 800), "desk": (1280, 900)}
MOST = 300_000
"""Bytes of the home page with all that it loads, not compressed."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    found = next((path for path in CHROMIUM if Path(path).exists()), None)
    if found is None:
        pytest.skip("no Chromium, so the site was seen in no browser: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


class Visit:
    """A page as it is opened, with what it logged and asked for."""

    def __init__(
        self, browser: Any, site: Site, kind: str, address: str | None = None, **context: Any
    ) -> None:
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.logged: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.logged.append(message.text))
        self.page.on("pageerror", lambda error: self.logged.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", lambda request: self.logged.append(f"failed: {request.url}"))
        self.page.goto(address or f"{site.folder.as_uri()}/{site.kinds[kind]}", wait_until="networkidle")

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_page(browser: Any, site: Site, kind: str, size: str, scheme: str) -> None:
    """Nothing logged, nothing asked of another host, nothing too wide, nothing that axe finds."""
    width, height = SIZES[size]
    screen = {"width": width, "height": height}
    with Visit(browser, site, kind, viewport=screen, color_scheme=scheme) as visit:
        assert visit.logged == []
        assert [url for url in visit.asked if not url.startswith(("file:", "data:"))] == []
        assert visit.page.evaluate("document.documentElement.dataset.frTheme") == scheme
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        visit.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        visit.page.evaluate(AXE)
        options = {"runOnly": RULES, "preload": False}
        found = visit.page.evaluate("(options) => axe.run(document, options)", options)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert len(found["passes"]) > 20


def test_every_kind_is_looked_at(site: Site) -> None:
    assert tuple(site.kinds) == KINDS


@pytest.mark.parametrize("kind", ["home", "services", "service", "figure", "methods"])
def test_the_keyboard_alone_reaches_everything(browser: Any, site: Site, kind: str) -> None:
    """Tab meets each link, button, field and scrolling box once, in the order of the page, and is seen."""
    with Visit(browser, site, kind, viewport={"width": 1280, "height": 900}) as visit:
        wanted = visit.page.evaluate(_REACHABLE)
        met = []
        for _ in range(wanted):
            visit.page.keyboard.press("Tab")
            met.append(visit.page.evaluate(_WHERE))
        assert [place for place, _ in met] == list(range(wanted))
        assert all(seen for _, seen in met)


_REACHABLE = """() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")];
    window.reachable = all.filter((one) => one.checkVisibility({contentVisibilityAuto: true}));
    return window.reachable.length;
}"""
_WHERE = """() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    return [window.reachable.indexOf(one), style.outlineStyle !== "none" && box.width > 0 && box.bottom > 0];
}"""


def test_the_first_link_skips_to_the_content(browser: Any, site: Site) -> None:
    with Visit(browser, site, "service") as visit:
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Enter")
        assert visit.page.evaluate("document.activeElement.id") == "contenu"


def test_the_home_page_weighs_little(browser: Any, site: Site) -> None:
    with Visit(browser, site, "home") as visit:
        files = {Path(url.removeprefix("file://")) for url in visit.asked if url.startswith("file:")}
    assert len(files) > 4
    assert sum(file.stat().st_size for file in files) < MOST


def test_filters_narrow_the_list(browser: Any, site: Site) -> None:
    shown = "document.querySelectorAll('tr[data-row]:not([hidden])').length"
    with Visit(browser, site, "services") as visit:
        every = visit.page.evaluate(shown)
        visit.page.get_by_label("Filtrer par nom").fill("DÉMARCHES simplifiees")
        assert visit.page.evaluate(shown) == 1
        assert visit.page.locator("#filtres-compte").text_content() == "1 service"
        visit.page.get_by_label("Filtrer par nom").fill("")
        visit.page.get_by_label("Impact national", exact=True).select_option("oui")
        assert 0 < visit.page.evaluate(shown) < every
        visit.page.get_by_label("Chiffres", exact=True).select_option("incident")
        visit.page.get_by_label("Filtrer par nom").fill("zzz")
        assert visit.page.locator("#filtres-compte").text_content() == "Aucun service"


def test_search_from_any_page(browser: Any, site: Site) -> None:
    with Visit(browser, site, "figure") as visit:
        visit.page.get_by_role("searchbox").fill("promesses action")
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_url("**/recherche.html?q=promesses+action")
        visit.page.locator("#recherche-resultats a").first.click()
        visit.page.wait_for_url("**/figures/*.html")
        assert "Promesses d'action" in (visit.page.locator("h1").text_content() or "")
        assert visit.logged == []


def test_the_theme_chosen_is_kept_from_page_to_page(browser: Any, site: Site) -> None:
    theme = "document.documentElement.dataset.frTheme"
    with Visit(browser, site, "home", color_scheme="light") as visit:
        visit.page.get_by_label("Affichage").select_option("dark")
        assert visit.page.evaluate(theme) == "dark"
        visit.page.get_by_role("link", name="Services", exact=True).click()
        visit.page.wait_for_url("**/services.html")
        assert visit.page.evaluate(theme) == "dark"


@pytest.mark.parametrize("kind", ["home", "services", "service", "search"])
def test_without_scripts_every_page_is_read_and_left(browser: Any, site: Site, kind: str) -> None:
    with Visit(browser, site, kind, java_script_enabled=False) as visit:
        assert visit.page.locator("h1").is_visible()
        assert visit.page.get_by_role("link", name="Impact national", exact=True).is_visible()
        assert not visit.page.locator("#filtres, #affichage").first.is_visible()


def test_a_page_prints_whole_and_without_its_menus(browser: Any, site: Site, tmp_path: Path) -> None:
    with Visit(browser, site, "figure") as visit:
        visit.page.emulate_media(media="print")
        assert not visit.page.locator("#menu").is_visible()
        assert visit.page.locator("mark").is_visible()
        assert visit.page.pdf(path=tmp_path / "figure.pdf").startswith(b"%PDF")


@pytest.fixture(scope="module")
def served(site: Site) -> Iterator[str]:
    """The address of the same site on a web server."""
    handler = partial(Quiet, directory=str(site.folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.mark.parametrize("kind", ["home", "figure", "search"])
def test_on_a_web_server_it_is_the_same(browser: Any, site: Site, served: str, kind: str) -> None:
    """The policy lets its own files through there too."""
    with Visit(browser, site, kind, address=f"{served}/{site.kinds[kind]}") as visit:
        assert visit.logged == []
        assert all(url.startswith((served, "data:")) for url in visit.asked)
        assert visit.page.evaluate("document.fonts.check('1rem Marianne')")
        assert visit.page.evaluate("document.documentElement.dataset.frTheme")
