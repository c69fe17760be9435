"""What only this installation can put under a text: a secret of its own, in a file beside the database."""

import hmac
import secrets
from pathlib import Path

from crm.settings import Environment


def seal(env: Environment, text: str) -> str:
    """A keyed hash (64 hexadecimal digits) of the text."""
    return hmac.new(_key(env), text.encode(), "sha256").hexdigest()


def _key(env: Environment) -> bytes:
    file = Path(env.data) / "session.key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(secrets.token_bytes(32))
    return file.read_bytes()
