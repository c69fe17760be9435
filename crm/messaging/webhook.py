"""Is this report really from SendGrid: ECDSA P-256 over timestamp and raw body, as its Signed Event Webhook documents."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from crm.errors import BadInputError
from crm.settings import Environment

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


def verify(env: Environment, timestamp: str | None, signature: str | None, raw_body: bytes) -> None:
    """Nothing when the signature fits; BadInputError otherwise. `raw_body` exactly as it came: its final line break is signed too."""
    if not env.sendgrid_webhook_key:
        raise BadInputError(
            "delivery_report.no_key", "No key for delivery reports is set (CRM_SENDGRID_WEBHOOK_KEY). The report was not taken."
        )
    if not timestamp or not signature:
        raise BadInputError("delivery_report.not_signed", "This delivery report is not signed. It was not taken.")
    try:
        key = load_der_public_key(base64.b64decode(env.sendgrid_webhook_key))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise ValueError
        key.verify(base64.b64decode(signature, validate=True), timestamp.encode() + raw_body, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError, binascii.Error) as error:
        raise BadInputError(
            "delivery_report.wrong_signature", "The signature of this delivery report does not fit. It was not taken."
        ) from error
