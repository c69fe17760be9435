"""Files, letters and verbs: what leaves by another way than a page is masked too, refused where a mask would do harm, and noted."""

import csv
import email
import io
import json
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest

from crm import campaigns, clock, database, segments
from crm.accounts import acting, users
from crm.accounts.acting import Actor, Right, Role
from crm.campaigns import previews
from crm.campaigns.spec import CampaignSpec
from crm.database import Store
from crm.errors import CrmError, RightError
from crm.imports import mending
from crm.segments import export
from crm.segments.definition import parse
from crm.settings import Environment
from crm.web import previews as frames
from tests.accounts.given import NOW, add
from tests.accounts.shop_of_names import EVERYBODY, MAILS, NAMES, NICKS, OTHER, PHONES, SECRET, actor, fill, named
from tests.conftest import terminal

TODAY = clock.now().date()
LAST = "SELECT actor, action, detail FROM audit ORDER BY entry_no DESC LIMIT 1"
Filled = tuple[Store, dict[str, str]]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("names")
    store = database.open_store(folder / "shop")
    yield store, fill(store, folder)
    store.close()


def members(store: Store, path: Path, who: Actor) -> list[dict[str, str]]:
    with acting.by(who):
        segments.export_csv(store, parse(EVERYBODY), TODAY, path, NOW)
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def test_a_list_is_masked_for_whoever_may_not_see_it_in_full(filled: Filled, tmp_path: Path) -> None:
    store, _ = filled
    rows = members(store, tmp_path / "m.csv", actor(Right.EXPORT))
    assert len(rows) == 5
    assert named((tmp_path / "m.csv").read_bytes()) == []
    assert {row["customer_id"] for row in rows} == {"••"}, "an id is made of the account's name: guesses could be tried on it"
    assert {row["city"] for row in rows} == {"杭州市"}
    assert store.rows(LAST) == [{"actor": "bo", "action": "export", "detail": "members: 5 rows, masked"}]


def test_and_in_full_for_whoever_may(filled: Filled, tmp_path: Path) -> None:
    store, _ = filled
    rows = members(store, tmp_path / "m.csv", actor(Right.EXPORT, Right.REVEAL))
    assert {row["name"] for row in rows} == {*NAMES, OTHER[3]}
    assert {row["wechat"] for row in rows} == {"", "wxkookaburra"}
    assert store.rows(LAST)[0]["detail"] == "members: 5 rows, in full"


def test_nobody_takes_a_list_away_without_the_right(filled: Filled, tmp_path: Path) -> None:
    with pytest.raises(RightError):
        members(filled[0], tmp_path / "m.csv", actor(Right.REVEAL))
    assert not (tmp_path / "m.csv").exists()


@pytest.mark.parametrize("special", [(), (Right.EXPORT,), (Right.REVEAL,)])
def test_rejected_rows_are_taken_away_whole_or_not_at_all(filled: Filled, special: tuple[Right, ...]) -> None:
    """Masked cells would come back as people's names."""
    store, given = filled
    lines = io.StringIO()
    with acting.by(actor(*special)), pytest.raises(RightError):
        mending.write(store, given["rejected"], lines, NOW)
    assert lines.getvalue() == ""


def test_taking_rejected_rows_away_is_noted(filled: Filled) -> None:
    store, given = filled
    lines = io.StringIO()
    with acting.by(actor(Right.EXPORT, Right.REVEAL)):
        assert mending.write(store, given["rejected"], lines, NOW) == 1
    assert NAMES[0] in lines.getvalue()
    assert store.rows(LAST) == [{"actor": "bo", "action": "export", "detail": f"rejected rows of {given['rejected']}: 1 rows, in full"}]


def test_a_file_bears_who_and_when() -> None:
    with acting.by(Actor("李 姐/x", frozenset(), "1")):
        assert export.named("all.csv", "Asia/Shanghai", NOW) == "all-李_姐_x-20260504-1102.csv"
    assert export.named("all.csv", "Asia/Shanghai", NOW) == "all.csv", "in a shop without users nobody signs"


@pytest.mark.parametrize("who", [NAMES[0], NICKS[0], MAILS[0], "nobody at all"])
def test_a_name_is_no_question_for_whoever_may_not_see_names(filled: Filled, who: str) -> None:
    """The answer is the same for those who are there and those who are not, also for ids, which follow from names."""
    store, given = filled
    spec = campaigns.saved.get(store, given["draft"]).spec
    ids = [str(row["customer_id"]) for row in store.rows("SELECT customer_id FROM customers LIMIT 1")]
    for asked in (who, *ids):
        with acting.by(actor()):
            with pytest.raises(RightError):
                previews.preview(store, spec, asked, NOW.date())
            with pytest.raises(RightError):
                previews.called(store, spec, asked, NOW.date())
    with acting.by(actor(Right.REVEAL)):
        assert len(previews.called(store, spec, who, TODAY)) == (0 if who == "nobody at all" else 2)


def test_a_letter_is_masked_whatever_the_text_asks(filled: Filled) -> None:
    store, given = filled
    asks = f'{{% if customer.name == "{NAMES[0]}" %}}YES{{% endif %}}'
    body = "{{ customer.name | size }} " + asks + " {{ customer.nickname | append: customer.name }}"
    spec = campaigns.saved.get(store, given["draft"]).spec.model_copy(update={"body": body})
    with acting.by(actor()):
        for seed in range(6):
            read = previews.preview(store, spec, "random", TODAY, seed)
            assert named(f"{read.rendered} {read.address} {read.nickname}".encode()) == []
            assert "YES" not in read.rendered.text
            assert read.rendered.text.startswith("3 ")


def test_a_test_letter_names_nobody(filled: Filled, tmp_path: Path) -> None:
    store, given = filled
    spec = campaigns.saved.get(store, given["draft"]).spec
    assert isinstance(spec, CampaignSpec) and store.folder is not None
    for who, masked, names in ((actor(), False, 0), (actor(Right.REVEAL), True, 0), (actor(Right.REVEAL), False, 1)):
        before = set(store.folder.rglob("*.eml"))
        with acting.by(who):
            campaigns.send_test(store, spec, f"{who.name}{masked}{names}@example.com", Environment(), TODAY, masked=masked)
        written = [email_text(file) for file in set(store.folder.rglob("*.eml")) - before]
        assert len(written) == 1
        assert any(name in written[0] for name in SECRET) == bool(names)


def email_text(file: Path) -> str:
    message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return f"{message['Subject']}{''.join(parts)}"


def test_a_letter_opens_only_for_whom_it_was_made() -> None:
    with acting.by(actor()):
        kept = frames.keep("<p>x</p>")
        assert frames.find(kept)
    for other in (Actor("eve", frozenset(Right), "2"), acting.NOBODY, acting.LOCAL):
        with acting.by(other):
            assert frames.find(kept) is None


@pytest.fixture
def signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    store = database.open_store(tmp_path / "shop")
    fill(store, tmp_path)
    for name, special in (("owner", ()), ("bo", ("export",)), ("li", ("reveal",))):
        add(store, name, Role.OWNER if name == "owner" else Role.SPECIALIST, special=special)
    store.close()
    monkeypatch.setenv("CRM_ACT_AS", "bo")
    yield tmp_path


def last(data: Path) -> tuple[str, str, str]:
    store = database.open_store(data)
    row = store.rows(LAST)[0]
    assert users.exist(store)
    store.close()
    return row["actor"], row["action"], row["detail"]


def test_verbs_say_no_names_and_note_what_they_say(signed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, ladder = signed / "shop", signed / "all.json"
    ladder.write_text(json.dumps(EVERYBODY), "utf-8")
    (signed / "unknown2.csv").write_text((signed / "甲店.csv").read_text("gb18030").replace(NICKS[1], "tb九"), "utf-8")
    texts = [terminal(*words.split(), "--json", data=data).stdout for words in ("same list", "same joined", "imports", "campaign list")]
    texts.append(terminal("import", signed / "unknown2.csv", "--json", "--dry-run", data=data).stdout)
    assert json.loads(texts[-1])["files"][0]["rejections"]
    assert named("".join(texts).encode()) == []
    assert [group["customers"] for group in json.loads(texts[0])["groups"]] == [["••", "••"]]
    done = json.loads(terminal("segment", "members", ladder, "--out", signed / "m.csv", "--json", data=data).stdout)
    file = Path(done["file"])
    assert file.name.startswith("m-bo-") and named(file.read_bytes()) == [] and not (signed / "m.csv").exists()
    assert last(data) == ("bo", "export", "members: 5 rows, masked")

    monkeypatch.setenv("CRM_ACT_AS", "li")
    assert PHONES[0] in terminal("import", signed / "unknown2.csv", "--json", "--dry-run", data=data).stdout
    assert last(data) == ("li", "reveal", "import")
    assert terminal("segment", "members", ladder, "--out", signed / "m.csv", data=data, check=False).returncode == 1
    staged = signed / "staged"
    assert terminal("import", signed / "unknown2.csv", "--keep-staging", staged, "--dry-run", data=data, check=False).returncode == 1
    assert not staged.exists()


def test_a_refusal_in_the_terminal_quotes_nobody(signed: Path) -> None:
    bad = signed / "bad.csv"
    bad.write_text(
        (signed / "甲店.csv").read_text("gb18030").splitlines()[0] + "\n" + (signed / "甲店.csv").read_text("gb18030").splitlines()[-1],
        "utf-8",
    )
    done = terminal("import", bad, "--json", data=signed / "shop", check=False)
    assert json.loads(done.stdout)["error"]["code"] == "file.every_row_rejected"
    assert named((done.stdout + done.stderr).encode()) == []


def test_in_a_shop_without_users_nothing_is_masked(filled: Filled, tmp_path: Path) -> None:
    store, given = filled
    assert {row["name"] for row in members(store, tmp_path / "m.csv", acting.LOCAL)} == {*NAMES, OTHER[3]}
    assert previews.preview(store, given["draft"], NAMES[0], TODAY).address == MAILS[0]
    with pytest.raises(CrmError, match="nobody at all"):
        previews.preview(store, given["draft"], "nobody at all", TODAY)
