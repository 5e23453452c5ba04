"""The command ``impact``: one line per verb; what each does is in ``verbs/``."""

from collections.abc import Callable

import typer

from pipelines.verbs import derived, figures, night, proof, publication, reports, services, site, words

app = typer.Typer(
    name="impact",
    help="Collects the impact figures of public digital services every night, and proves each of them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

VERBS: dict[str, Callable[..., None]] = {
    "night": night.night,
    "trace": figures.trace,
    "verify": proof.verify,
    "replay": proof.replay,
    "read": figures.read,
    "import-warc": night.import_warc,
    "import-report": reports.import_report,
    "reconcile": reports.reconcile,
    "discover": services.discover,
    "classify": services.classify,
    "growth": derived.growth,
    "revisions": derived.revisions,
    "portfolio": derived.portfolio,
    "qualify": derived.qualify,
    "candidates": services.candidates,
    "adopt": services.adopt,
    "incidents": services.incidents,
    "export": publication.export,
    "datasette": publication.datasette,
    "role": publication.role,
    "site": site.site,
    "letters": site.letters,
    "dictionary": words.dictionary,
    "schema": words.schema,
}

for name, verb in VERBS.items():
    app.command(name)(verb)


def main() -> None:
    """Entry point of the installed command."""
    app()


if __name__ == "__main__":
    main()
