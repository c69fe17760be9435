"""What is not known of a customer yet, the most useful first: what to ask next time."""

from collections.abc import Mapping
from typing import Any

ORDER = "phone email consent_email consent_sms name gender birthday wechat size colours family".split()
"""Without a way to reach her nothing else is of use; then whether she agrees, then what makes a letter fit (name, gender, birthday,
a second way), then what makes an offer fit."""


def of(facts: Mapping[str, Any], dossier: Mapping[str, str], consent: Mapping[str, bool | None]) -> list[str]:
    """The members of ORDER that are unknown. `facts`: her row of customer_facts, `dossier`: its fields as text, `consent`: by channel.

    A consent is asked for only where there is the address, and a no is an answer. A phone number counts where it is clear.
    """
    known = {name: bool(dossier.get(name)) for name in ("wechat", "size", "colours", "family")} | {
        "phone": facts["phone_quality"] == "clear",
        "email": facts["email_norm"] is not None,
        "name": facts["name"] is not None,
        "gender": facts["gender"] is not None,
        "birthday": facts["birth_month"] is not None,
    }
    known["consent_email"] = not known["email"] or consent.get("email") is not None
    known["consent_sms"] = not known["phone"] or consent.get("sms") is not None
    return [name for name in ORDER if not known[name]]
