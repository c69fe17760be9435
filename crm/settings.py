"""Settings: what the machine sets (`Environment`, from CRM_… variables) and what the shop sets (`Shop`, kept in the database)."""

import os
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

RELAYS = "marketplace.amazon."
"""How mailboxes begin that a marketplace lends a buyer for one order: it forbids advertising to them."""


class Environment(BaseSettings):
    """Read from environment variables with the prefix CRM_. Secrets live here and nowhere else."""

    model_config = SettingsConfigDict(env_prefix="CRM_", extra="ignore")

    data: Path = Path("data/shop")
    sendgrid_api_key: str = ""
    sendgrid_host: str = "https://api.sendgrid.com"
    sendgrid_webhook_key: str = ""
    password: str = ""
    public_url: str = "http://localhost:8501"
    trusted_proxies: str = ""
    proxy_user_header: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = ""
    act_as: str = ""
    allowed_hosts: str = ""
    upload_limit_mb: int = Field(default=4096, ge=1)
    language: Literal["zh_CN", "en"] = "zh_CN"
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = "INFO"
    log_file: str = ""
    log_format: Literal["text", "json"] = "text"
    metrics_token: str = ""
    backup_dir: str = ""

    @property
    def is_https(self) -> bool:
        """Whether people reach the pages encrypted."""
        return self.public_url.strip().lower().startswith("https://")


_VARIABLES = [f"CRM_{name}".upper() for name in Environment.model_fields]


def environment() -> Environment:
    """The machine's settings as they are now: read anew only where a variable has changed, for every request and page asks for them."""
    return _environment(tuple(map(os.environ.get, _VARIABLES)))


@lru_cache(maxsize=8)
def _environment(values: tuple[str | None, ...]) -> Environment:
    return Environment()


class Rival(BaseModel):
    """Another shop's repeat rate as somebody heard of it: `rate` is a share (0–1), `day` when it was so."""

    name: str = Field(min_length=1, max_length=80)
    rate: float = Field(ge=0, le=1)
    source: str = Field(default="", max_length=200)
    day: date | None = None


class Shop(BaseModel):
    """What a shop decides for itself. Every default is the trade's usual one (docs/glossary.md)."""

    name: str = ""
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    active_days: int = 90
    sleeping_days: int = 180
    lost_days: int = 365
    repeat_purchases: int = 2
    fan_purchases: int = 4
    spend_bands: list[int] = [100, 300, 500, 1000, 3000]
    rfm_quintiles: bool = False
    frequency_bands: list[int] = [2, 3, 4, 6, 10]
    lapse_bands: list[int] = [30]
    age_bands: list[int] = [18, 26, 31, 36]
    choosy_signs: int = 2
    choosy_percent: int = 50
    lively_percent: int = 60
    lively_discount: int = 5
    loyal_discount: int = 5
    address_words: dict[str, list[str]] = {}
    cap_days: int = 30
    holdout: float = Field(default=0.1, ge=0, le=0.9)
    window_days: int = 14
    margin: Decimal = Decimal("0.40")
    cost_per_message: Decimal = Decimal("0.01")
    from_name: str = ""
    from_email: str = ""
    public_url: str = ""
    category_rules: dict[str, list[str]] = {}
    retention_days: int = Field(default=0, ge=0, le=36500)
    letters_days: int = Field(default=90, ge=0, le=3650)
    rejected_days: int = Field(default=180, ge=0, le=3650)
    uploads_days: int = Field(default=2, ge=1, le=365)
    approval: bool = False
    trail_days: int = Field(default=1095, ge=0, le=36500)
    trade: str = ""
    targets: dict[str, Annotated[float, Field(ge=0)]] = {}
    rivals: Annotated[list[Rival], Field(max_length=10)] = []


@cache
def root() -> Path:
    """The folder that holds app.py, pages/ and data/reference/: the checkout, or the bundle inside an installed package."""
    package = Path(__file__).resolve().parent
    checkout = package.parent
    return checkout if (checkout / "pages").is_dir() else package / "bundle"


def reference(name: str) -> Path:
    """A file of data/reference (regions, city tiers, formats …)."""
    return root() / "data" / "reference" / name
