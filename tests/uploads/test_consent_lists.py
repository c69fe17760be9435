"""Lists of shops and mail services: the given cases, and invented ones in other words, columns, orders and languages."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm import segments, uploads
from crm.database import Store
from crm.errors import BadFileError
from crm.messaging import suppressions
from crm.segments.definition import parse
from tests.uploads.given import NOW, agreeing, state, table, take

CASES = Path(__file__).parent / "cases"
DAY = date(2026, 11, 1)
EVERYBODY = parse({"rungs": [{"name": "x", "where": {"all": []}}]})
ANN, BEN, CLEO, DAN = (f"{name}@x.example" for name in ("ann", "ben", "cleo", "dan"))
WHO = [ANN, BEN, CLEO, DAN]


def told(counts: dict[str, int], way: str = "email") -> tuple[int, int, int]:
    """Yes, no and no answer of a way."""
    return counts[f"{way}_yes"], counts[f"{way}_no"], counts[f"{way}_silent"]


def test_a_shopify_customer_list_is_a_dossier_and_tells_consent(store: Store) -> None:
    before = state(store)
    result = take(store, CASES / "shopify_customers_optout.csv")[0]
    assert (result.kind, result.customers_new, result.rejected) == ("people", 4, 0)
    assert told(result.counts) == (2, 2, 0)
    assert told(result.counts, "sms") == (1, 3, 0)
    mails = [f"{name}@{tree}.example" for name, tree in (("ann", "alder"), ("ben", "birch"), ("cleo", "cedar"), ("dan", "dogwood"))]
    assert suppressions.among(store, mails) == {mails[1], mails[2]}
    assert segments.count(store, EVERYBODY, DAY)[0].reachable["email"] == 2
    who = (
        "SELECT DISTINCT name FROM profiles JOIN identities USING (customer_id) JOIN suppressions ON address_norm IN (phone, identity_key) "
    )
    assert {row["name"] for row in store.rows(who + "WHERE channel = 'sms'")} == {"Ann Alder", "Ben Birch", "Dan Dogwood"}
    assert uploads.preview(store, str(result.import_id)).freed == 5
    uploads.undo(store, str(result.import_id), NOW)
    assert state(store) == before


@pytest.mark.parametrize("name", ["mailchimp", "sendgrid", "listmonk"])
def test_the_given_lists_of_opt_outs_are_two_each(store: Store, name: str) -> None:
    result = take(store, CASES / f"optouts_{name}.csv")[0]
    assert (result.kind, result.counts["opt_outs"], result.counts["opt_outs_new"], result.rejected) == ("consents", 2, 2, 0)
    assert suppressions.among(store, ["ann@alder.example", "ben@birch.example", "cleo@cedar.example"]) == {
        "ben@birch.example",
        "cleo@cedar.example",
    }
    assert ("unsure_list" in {warning.code for warning in result.warnings}) == (name == "sendgrid")


LISTS: dict[str, tuple[list[str], str, tuple[int, int, int], set[str]]] = {
    "Shopify, first header": (
        [
            "First Name,Last Name,Email,Company,Phone,Accepts Marketing,Total Spent,Total Orders,Tags,Note",
            f"Ann,A,{ANN},,,yes,1.00,1,,",
            f"Ben,B,{BEN},,,no,0.00,0,,",
            f"Cleo,C,{CLEO},,,,0.00,0,,",
        ],
        "people",
        (1, 1, 1),
        {BEN},
    ),
    "Wix": (
        [
            "First Name,Last Name,Email 1,Phone 1,Labels,Created At (UTC+0),Email subscriber status,SMS subscriber status",
            f"Ann,A,{ANN},,,2025-01-01,Subscribed,Never subscribed",
            f"Ben,B,{BEN},,,2025-01-01,Unsubscribed,",
            f"Cleo,C,{CLEO},,,2025-01-01,Never subscribed,",
            f"Dan,D,{DAN},,,2025-01-01,Pending,",
        ],
        "people",
        (1, 1, 2),
        {BEN},
    ),
    "PrestaShop": (
        [
            "ID;Title;Last name;First Name;Email address;Age;Enabled;News.;Opt.;Registration;Last visit",
            f"1;1;A;Ann;{ANN};43;1;1;0;2013-07-02 17:36:07;2013-07-03",
            f"2;1;B;Ben;{BEN};-;1;0;1;2013-07-02 17:36:07;2013-07-03",
        ],
        "people",
        (1, 1, 0),
        {BEN},
    ),
    "Mailchimp, cleaned": (
        [
            "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE",
            f"{ANN},Ann,1,2025-01-01 09:00:00,2026-01-01 09:00:00,Spring",
        ],
        "consents",
        (0, 0, 0),
        {ANN},
    ),
    "Mailchimp, audience": (
        [
            "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LAST_CHANGED",
            f"{ANN},Ann,1,2025-01-01 09:00:00,,2025-01-01 09:01:00,,2025-01-01",
            f"{BEN},Ben,1,,,,,2025-01-01",
        ],
        "consents",
        (1, 0, 1),
        set(),
    ),
    "SendGrid, bounces": (
        ["status,reason,email,created", f"5.1.1,550 unknown,{ANN},1767225600", f"4.2.2,452 full,{BEN},1767225600"],
        "consents",
        (0, 0, 1),
        {ANN},
    ),
    "SendGrid, spam": (["ip,email,created", f"192.0.2.1,{ANN},1767225600"], "consents", (0, 1, 0), {ANN}),
    "Klaviyo": (
        [
            "Email,First Name,Email Marketing Consent,Email Marketing Consent Timestamp,Email Suppressions",
            f"{ANN},Ann,SUBSCRIBED,2025-01-01T00:00:00Z,[]",
            f'{BEN},Ben,SUBSCRIBED,2025-01-01T00:00:00Z,"[""HARD_BOUNCE""]"',
            f"{CLEO},Cleo,UNSUBSCRIBED,,[]",
            f"{DAN},Dan,NEVER_SUBSCRIBED,,",
        ],
        "consents",
        (1, 1, 1),
        {BEN, CLEO},
    ),
    "Brevo": (["EMAIL,SMS,EMAIL_BLACKLISTED,SMS_BLACKLISTED", f"{ANN},,Yes,No", f"{BEN},,No,No"], "consents", (0, 1, 1), {ANN}),
    "HubSpot": (["Record ID,Email,Unsubscribed from all email", f"1,{ANN},true", f"2,{BEN},false"], "consents", (0, 1, 1), {ANN}),
    "Constant Contact": (
        [
            "Email address,First name,Email status,Email permission status",
            f"{ANN},Ann,Active,Express",
            f"{BEN},Ben,Unsubscribed,Express",
            f"{CLEO},Cleo,Awaiting Confirmation,",
            f"{DAN},Dan,No Permissions Set,",
        ],
        "consents",
        (1, 1, 2),
        {BEN},
    ),
    "Magento": (
        [
            "ID,Email,Type,Customer First Name,Status,Store View",
            f"1,{ANN},Customer,Ann,Subscribed,x",
            f"2,{BEN},Guest,,Unsubscribed,x",
            f"3,{CLEO},Guest,,Not Activated,x",
        ],
        "consents",
        (1, 1, 1),
        {BEN},
    ),
    "German shop": (
        ["Vorname;Nachname;E-Mail;Newsletter abonniert;Letzter Besuch", f"Ann;A;{ANN};ja;x", f"Ben;B;{BEN};nein;x", f"Cleo;C;{CLEO};;x"],
        "people",
        (1, 1, 1),
        {BEN},
    ),
    "French shop": (
        ["Nom;Prénom;Adresse e-mail;Consentement newsletter", f"A;Ann;{ANN};oui", f"B;Ben;{BEN};désabonné", f"C;Cleo;{CLEO};en attente"],
        "people",
        (1, 1, 1),
        {BEN},
    ),
    "Spanish shop": (
        ["Correo electrónico,Nombre,Apellidos,Acepta publicidad", f"{ANN},Ann,A,Sí", f"{BEN},Ben,B,No", f"{CLEO},Cleo,C,dado de baja"],
        "people",
        (1, 2, 0),
        {BEN, CLEO},
    ),
    "Chinese shop": (["姓名,邮箱,是否订阅邮件", f"安,{ANN},已订阅", f"本,{BEN},已退订", f"柯,{CLEO},未确认"], "people", (1, 1, 1), {BEN}),
    "the other way round": (["email,name,Do not email", f"{ANN},Ann,x", f"{BEN},Ben,", f"{CLEO},Cleo,no"], "people", (0, 1, 2), {ANN}),
    "times": (["E-mail,Désinscrit le", f"{ANN},2026-01-02", f"{BEN},"], "consents", (0, 1, 1), {ANN}),
    "a status of any list": (["mail,status", f"{ANN},opted-in", f"{BEN},Opted_Out", f"{CLEO},bounced"], "consents", (1, 1, 0), {BEN, CLEO}),
}


@pytest.mark.parametrize("name", LISTS)
def test_other_lists_are_understood_by_their_header(store: Store, tmp_path: Path, name: str) -> None:
    rows, kind, expected, refused = LISTS[name]
    before = state(store)
    file = table(tmp_path / "list.csv", *rows)
    dry = take(store, file, dry_run=True)[0]
    assert state(store) == before
    result = take(store, file)[0]
    assert dry.counts == result.counts
    assert (result.kind, result.rejected, told(result.counts)) == (kind, 0, expected)
    assert suppressions.among(store, WHO) == refused
    yes = agreeing(store, WHO)
    assert len(yes) == expected[0]
    assert not yes & refused
    uploads.undo(store, str(result.import_id), NOW)
    assert state(store) == before


def test_why_mail_is_kept_back_is_kept(store: Store, tmp_path: Path) -> None:
    take(store, table(tmp_path / "l.csv", "mail,status", f"{ANN},spam complaint", f"{BEN},hard bounce", f"{CLEO},unsubscribed"))
    reasons: list[dict[str, Any]] = store.rows("SELECT address_norm, reason FROM suppressions WHERE channel = 'email' ORDER BY 1")
    assert [tuple(row.values()) for row in reasons] == [(ANN, "complained"), (BEN, "bounced"), (CLEO, "unsubscribed")]


def test_nothing_taken_over_is_no_success(store: Store, tmp_path: Path) -> None:
    rows = ["email,channel,granted", f"{ANN},email,perhaps", f"{BEN},email,perhaps", "not-an-address,email,no"]
    with pytest.raises(BadFileError) as refusal:
        take(store, table(tmp_path / "c.csv", *rows))
    assert "None of the 3 rows of c.csv" in str(refusal.value)
    assert "Mostly: This is neither a yes nor a no. (row 2: perhaps)" in str(refusal.value)
    assert "--map" in str(refusal.value)
    assert store.rows("SELECT * FROM imports") == []
