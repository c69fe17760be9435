"""What the doctor's tests ask it, and the machine it looks at."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from crm import database, doctor
from crm.settings import Environment

KEY = ec.generate_private_key(ec.SECP256R1()).public_key()
REPORTS = base64.b64encode(KEY.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
SENDING: dict[str, Any] = {"sendgrid_api_key": "SG.key", "sendgrid_webhook_key": REPORTS, "public_url": "https://crm.example.com"}


def codes(report: doctor.Report) -> list[str]:
    """What was found; every sentence and remedy can be said."""
    words = [one.as_json() for one in report.findings]
    assert all(one["sentence"].endswith((".", ":")) and len(one["remedy"]) > 20 for one in words), words
    return [one.code for one in report.findings]


def env(**given: Any) -> Environment:
    return Environment(**{"password": "", "public_url": "http://localhost:8501", **given})


def inside(shop: Path, change: Callable[[database.Store], object] = lambda store: None, **given: Any) -> list[str]:
    """What is found in the open database after a change, closely and quickly."""
    store = database.open_store(shop)
    try:
        change(store)
        closely = codes(doctor.inside(store, env(**given)))
        quickly = codes(doctor.inside(store, env(**given), thorough=False))
        assert set(quickly) <= set(closely)
        return closely
    finally:
        store.close()


def executed(*statements: str) -> Callable[[database.Store], None]:
    def change(store: database.Store) -> None:
        with store.transaction() as transaction:
            for statement in statements:
                transaction.execute(statement)

    return change
