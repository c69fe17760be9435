"""Is this report really from SendGrid: ECDSA P-256 over timestamp and raw body, as its Signed Event Webhook documents."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from crm.errors import BadInputError, Sentence
from crm.settings import Environment

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


WRONG = Sentence("delivery_report.wrong_signature", "The signature of this delivery report does not fit. It was not taken.")
LONGEST = 200
"""Characters of a mark; a signature of this kind has under a hundred."""


def require_marks(env: Environment, timestamp: str | None, signature: str | None) -> None:
    """Before a body is read: there is a key, and what could be a signature. Raises BadInputError."""
    if not env.sendgrid_webhook_key:
        raise BadInputError(
            "delivery_report.no_key", "No key for delivery reports is set (CRM_SENDGRID_WEBHOOK_KEY). The report was not taken."
        )
    if not timestamp or not signature:
        raise BadInputError("delivery_report.not_signed", "This delivery report is not signed. It was not taken.")
    if len(timestamp) > LONGEST or len(signature) > LONGEST or not _decoded(signature).startswith(b"\x30"):
        raise BadInputError(*WRONG)


def verify(env: Environment, timestamp: str | None, signature: str | None, raw_body: bytes) -> None:
    """Nothing when the signature fits; BadInputError otherwise. `raw_body` exactly as it came: its final line break is signed too."""
    require_marks(env, timestamp, signature)
    try:
        key = load_der_public_key(base64.b64decode(env.sendgrid_webhook_key))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise ValueError
        key.verify(_decoded(signature or ""), (timestamp or "").encode() + raw_body, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError, binascii.Error) as error:
        raise BadInputError(*WRONG) from error


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except ValueError:
        return b""
