"""What a careful colleague would say before the send button: one sentence each. `stop` blocks the launch on screen, `warn` does not."""

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal
from urllib.parse import urlsplit

import pandas as pd

from crm.campaigns import origin, saved, templates, tokens
from crm.campaigns.audience import Plan
from crm.campaigns.bodies import LIQUID
from crm.campaigns.spec import CampaignSpec
from crm.database import Store, load_shop
from crm.errors import CrmError
from crm.messaging import channels
from crm.settings import Environment, Shop

Level = Literal["stop", "warn", "ok"]
_PREFIX = re.compile(r"^\s*[\[【]?(AD\b|广告)", re.IGNORECASE)
_LINKS = re.compile(r"(?:href=[\"']?|\b)((?:https?|ftp|www)[:.][^\s\"'<>，。；、）]*)", re.IGNORECASE)
_STARTERS = (
    "3495b61f4e9646f4bf4059223c929fa62751256e2831268032a14dcb5f2276d5",
    "adc2636ec6b412979070f4f77a87eeaf348b95a103f4a51c2e681e990765c03b",
)
"""Digests of the texts that new campaigns once began with, in both languages: drafts of then may still hold them."""
_Z = 1.959964 + 0.841621  # two-sided 95 %, power 80 %


@dataclass(frozen=True)
class Check:
    """One sentence: an English template (translated on screen) and its values."""

    code: str
    level: Level
    template: str
    values: dict[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """In English."""
        return self.template.format(**self.values)


def run(store: Store, campaign_id: str, plan: Plan, as_of: date, env: Environment) -> list[Check]:
    """All checks of a campaign with its plan; stops first."""
    spec = saved.get(store, campaign_id).spec
    shop = load_shop(store)
    items = [*_words(spec, shop), *_sender(spec, shop, env), *_same_text(store, campaign_id, spec)]
    if all(check.code != "template" for check in items):  # what cannot be read is not looked through any further
        items += [*_links(spec.body), *_empty_tokens(spec, plan, shop)]
    items += [*_people(plan, as_of, shop)]
    return sorted(items, key=lambda check: ("stop", "warn", "ok").index(check.level))


def _words(spec: CampaignSpec, shop: Shop) -> Iterator[Check]:
    try:
        templates.compiled(spec)
    except CrmError as fault:
        yield Check("template", "stop", fault.template, fault.values)
    if not _PREFIX.sub("", spec.subject).strip(" ]】:：") or not spec.body.strip():
        yield Check("empty", "stop", "The message has no subject or no text yet.")
    if _digest(spec.body) in _STARTERS:
        yield Check("starter", "stop", "The text is still the example that new campaigns once began with. Please write your own.")
    if shop.currency == "CNY" and not _PREFIX.match(spec.subject):
        yield Check("prefix", "stop", "The subject must begin with AD or 广告: the law asks for it in commercial e-mail.")
    else:
        yield Check("prefix", "ok", "The subject begins as the law asks.")
    if "unsubscribe_url" in spec.body:
        yield Check("unsubscribe", "ok", "There is a link to unsubscribe.")
    else:
        yield Check("unsubscribe", "ok", "The text has no link to unsubscribe, so a line with one is added at its end.")


def _links(body: str) -> Iterator[Check]:
    plain = LIQUID.sub("x", body)
    items = [match.group(1) for match in _LINKS.finditer(plain)]
    bad = [link for link in items if not _whole(link)]
    if bad:
        yield Check("links", "stop", "This link does not look whole: {link}", {"link": bad[0][:80]})
    elif items:
        yield Check("links", "ok", "Links: {n}, all look whole.", {"n": len(items)})
    if re.search(r"href=[\"']?\s*\{\{\s*(?!unsubscribe_url)", body):
        yield Check("links", "warn", "A link begins with a customer's own value. Please write the address yourself.")


def _whole(link: str) -> bool:
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and ("." in host or host == "localhost") and not host.startswith(".") and ".." not in host


def _empty_tokens(spec: CampaignSpec, plan: Plan, shop: Shop) -> Iterator[Check]:
    used = {token.name: token for token in tokens.TOKENS if token.name in spec.subject + spec.body}
    people = plan.people[plan.people.place == "recipients"]
    for token in used.values():
        guarded = _always_guarded(spec.subject + spec.body, token.name)
        lacking = (
            int(people[token.column].isna().sum()) if token.column else 0 if token.name == "unsubscribe_url" or shop.name else len(people)
        )
        if lacking and not guarded:
            values = {"n": lacking, "token": token.name}
            yield Check("tokens", "warn", "{n} people have no value for {token}; they would read a gap. Give it a default.", values)
    if not any(token.column for token in used.values()):
        yield Check("tokens", "warn", "The message names nobody. A nickname makes it read like a letter, not like an advertisement.")


def _always_guarded(text: str, name: str) -> bool:
    written = re.findall(r"\{\{[^}]*" + re.escape(name) + r"[^}]*\}\}", text)
    return all("default" in tag for tag in written) or re.search(r"\{%-?\s*if[^%]*" + re.escape(name), text) is not None


def _sender(spec: CampaignSpec, shop: Shop, env: Environment) -> Iterator[Check]:
    for remark in channels.get(spec.channel).remarks(env):
        yield Check(remark.code, remark.level, remark.sentence)
    items = [Check(code, "stop", fault.template, fault.values) for code, fault in origin.stops(spec, shop, env)]
    yield from items
    url = origin.address(shop, env)
    if (origin.is_local(url) or not url.startswith("https://")) and "public_url" not in [check.code for check in items]:
        text = "The links to unsubscribe point to {url}, which customers may not reach. Enter the server's public address in the settings."
        yield Check("public_url", "warn", text, {"url": url})


def _same_text(store: Store, campaign_id: str, spec: CampaignSpec) -> Iterator[Check]:
    sent = [row for row in saved.listed(store) if row.campaign_id != campaign_id and row.state in ("sending", "paused", "finished")]
    twin = next((row for row in sent if _digest(row.body) == _digest(spec.body)), None)
    if twin:
        yield Check("same_text", "warn", "“{name}” already had this text. Never write the same to the same person.", {"name": twin.name})


def _digest(text: str) -> str:
    return hashlib.sha256(re.sub(r"\s", "", text).encode()).hexdigest()


def _people(plan: Plan, as_of: date, shop: Shop) -> Iterator[Check]:
    if not plan.recipients:
        yield Check("nobody", "stop", "Nobody is left to write to.")
        return
    if plan.capped:
        yield Check("cap", "ok", "{n} people are left out because they were written to lately.", {"n": plan.capped})
    boxes = plan.people[plan.people.place == "recipients"].address.str.rpartition("@")[2].value_counts()
    first = ", ".join(f"{name} {share:.0%}" for name, share in (boxes / boxes.sum()).head(3).items())
    crowded = boxes.iloc[0] / boxes.sum() > 0.5 and boxes.iloc[0] > 1000
    text = "Mailboxes: {mix}. Large providers slow senders down; expect it to take a while." if crowded else "Mailboxes: {mix}."
    yield Check("mailboxes", "warn" if crowded else "ok", text, {"mix": first})
    yield _power(plan, as_of, shop)


def _power(plan: Plan, as_of: date, shop: Shop) -> Check:
    """The smallest difference in buyers that 95 % confidence and 80 % power can show: (z₁+z₂)·√(p(1−p)(1/n₁+1/n₂))."""
    if not plan.holdout:
        return Check("holdout", "warn", "Nobody is held out, so nobody can say afterwards what the message earned.")
    since = pd.Timestamp(as_of - timedelta(days=shop.window_days))
    bought = pd.to_datetime(plan.people.last_purchase_day) > since
    share = min(max(float(bought.mean()), 0.01), 0.5)
    least = _Z * math.sqrt(share * (1 - share) * (1 / plan.holdout + 1 / plan.recipients))
    values = {"n": plan.holdout, "points": f"{least * 100:.1f}"}
    text = "{n} people are held out: a difference of {points} points in buyers or more can be told from chance."
    return Check("holdout", "warn" if least > 0.1 else "ok", text, values)
