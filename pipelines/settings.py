"""Settings: the only reader of the environment (prefix ``IMPACT_``, also from ``.env``)."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LIVE_PORTFOLIO = "https://beta.gouv.fr/api/v2.7/startups.json"


class Settings(BaseSettings):
    """Where things are; every field can be set as ``IMPACT_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="IMPACT_", env_file=".env", extra="ignore")

    database_url: str = Field(
        "sqlite:///data/impact.sqlite", description="The warehouse, as a SQLAlchemy URL."
    )
    archive: Path = Field(Path("data/archive"), description="Folder of the WARC files.")
    portfolio: str = Field(LIVE_PORTFOLIO, description="File or URL of the portfolio.")
    services: Path | None = Field(None, description="Folder of service files, instead of the shipped ones.")
    webhook: str | None = Field(
        None, description="Incoming-webhook URL for alerts; nothing is sent when unset."
    )
    site: Path | None = Field(None, description="Folder of the site that each night rebuilds, if any.")
    explore: bool = Field(True, description="Whether a night visits the services without a file too.")
    pace: float = Field(1.0, ge=0, description="Seconds between two requests to one host.")
    deadline: float = Field(30.0, gt=0, description="Seconds that one whole transfer may take.")
