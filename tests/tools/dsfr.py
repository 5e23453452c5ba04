"""Brings the State's design system into the site: ``python -m tests.tools.dsfr PACKAGE``.

``PACKAGE`` is the unpacked npm package ``@gouvfr/dsfr``; ``purgecss`` (npm) must be on the path.  Only
the components used are taken, and of them only the rules that a template or the script can meet.  Icons
are written into the style sheet: a page opened from a disk may not load them as masks.
"""

import base64
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SITE = Path(__file__).parents[2] / "pipelines" / "site"
TARGET = SITE / "assets" / "dsfr"

COMPONENTS = (
    "logo", "link", "button", "skiplink", "input", "form", "select", "search", "header", "navigation",
    "breadcrumb", "table", "badge", "alert", "footer",
)  # fmt: skip
FONTS = ("Marianne-Regular", "Marianne-Medium", "Marianne-Bold")

_URL = re.compile(r"url\((?![\"']?data:)([^)]+)\)")
_FACE = re.compile(r"@font-face\{[^}]*\}")
_OURS = "/*! ours */"
_NOTICE = re.compile(r"/\*!.*?\*/", re.DOTALL)


def main(package: Path) -> None:
    """Write the style sheet, the fonts, the icon of the site and the licence."""
    dist = package / "dist"
    files = [dist / "core" / "core.main.min.css"]
    files += [dist / "component" / name / f"{name}.main.min.css" for name in COMPONENTS]
    files += [dist / "scheme" / "scheme.min.css", dist / "utility" / "utility.print.min.css"]
    texts = [file.read_text("utf-8") for file in files if file.is_file()]
    notice = _NOTICE.match(texts[0])
    css = _FACE.sub("", _NOTICE.sub("", "\n".join(texts)))
    css = _URL.sub(lambda found: _inlined(found[1], dist), _purged(css))
    (TARGET / "fonts").mkdir(parents=True, exist_ok=True)
    faces = "".join(map(_face, FONTS))
    (TARGET / "dsfr.css").write_text(f"{notice[0] if notice else ''}\n{faces}{css}\n", "utf-8")
    for name in FONTS:
        shutil.copyfile(dist / "fonts" / f"{name}.woff2", TARGET / "fonts" / f"{name}.woff2")
    shutil.copyfile(dist / "favicon" / "favicon.svg", TARGET / "favicon.svg")
    shutil.copyfile(package / "LICENSE.md", TARGET / "LICENSE.md")
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    print(f"DSFR {version}: {(TARGET / 'dsfr.css').stat().st_size} bytes of style.")


def _purged(css: str) -> str:
    """The rules whose selectors the templates, the script or our own style may meet."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "dsfr.css", Path(folder) / "out"
        # Our own style stands behind theirs for a moment: it names colours that they must then keep.
        own = (SITE / "assets" / "site.css").read_text("utf-8")
        source.write_text(f"{css}\n{_OURS}\n{own}", "utf-8")
        target.mkdir()
        content = [str(SITE / "templates" / "*.j2"), str(SITE / "assets" / "site.*")]
        arguments = ["purgecss", "--css", str(source), "--content", *content, "--variables", "--keyframes"]
        safe = ["--safelist", "data-fr-theme", "dark", "light"]
        subprocess.run([*arguments, *safe, "--output", str(target)], check=True)
        return (target / "dsfr.css").read_text("utf-8").partition(_OURS)[0]


def _face(name: str) -> str:
    weight = {"Regular": 400, "Medium": 500, "Bold": 700}[name.partition("-")[2]]
    source = f"url(fonts/{name}.woff2) format('woff2')"
    rules = f"font-family:Marianne;src:{source};font-weight:{weight};font-style:normal;font-display:swap"
    return f"@font-face{{{rules}}}"


def _inlined(url: str, dist: Path) -> str:
    file = dist / url.strip("\"'").lstrip("./")
    content = base64.b64encode(file.read_bytes()).decode()
    return f'url("data:image/svg+xml;base64,{content}")'


if __name__ == "__main__":
    main(Path(sys.argv[1]))
