"""Versions of a segment, going back to one, tags, searching the shelf, and what looks into a segment when it is renamed or deleted."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm import campaigns, database, segments
from crm.accounts import acting
from crm.database import Store, migrations
from crm.errors import BadInputError, ChangedError, NotFoundError
from crm.segments import definition, references, saved, shelved
from crm.segments.definition import Definition
from tests.campaigns.given import spec

NOW, DAY = datetime(2026, 11, 28, 4), date(2026, 11, 28)


def named(name: str, days: int = 90, *inside: str) -> Definition:
    nodes: list[Any] = [{"field": "recency_days", "op": "at_most", "value": days}, *({"in_segment": one} for one in inside)]
    return definition.parse({"name": name, "rungs": [{"name": f"rung {n}", "where": {"any": [node]}} for n, node in enumerate(nodes)]})


def test_every_state_is_kept_and_each_can_come_back(store: Store) -> None:
    states = [named("甲", 30), named("甲", 60), named("乙", 60), named("乙", 90, "别的")]
    other = saved.save(store, named("别的"), NOW)
    with acting.by(acting.Actor("Anna", acting.EVERYTHING)):
        one = saved.save(store, states[0], NOW)
    for n, state in enumerate(states[1:], 1):
        saved.save(store, state, NOW + timedelta(hours=n), one)
    kept = shelved.versions(store, one)
    assert [row.definition for row in kept] == states[::-1]
    assert [row.saved_at for row in kept] == [NOW + timedelta(hours=n) for n in (3, 2, 1, 0)]
    assert (kept[-1].actor, kept[0].actor) == ("Anna", "screen")
    for row in kept:
        before = shelved.versions(store, one)
        saved.back_to(store, one, row.version, NOW)
        assert saved.get(store, one) == row.definition
        assert shelved.versions(store, one)[1:] == before
    with pytest.raises(NotFoundError, match="no version 99"):
        saved.back_to(store, one, 99, NOW)
    with pytest.raises(ChangedError):
        saved.back_to(store, one, 1, NOW, seen=1)
    saved.save(store, named("新名"), NOW, other)
    assert references.used(shelved.versions(store, one)[-4].definition) <= {"新名"}
    saved.back_to(store, one, kept[0].version, NOW)
    assert references.used(saved.get(store, one)) == {"新名"}


def test_deleting_and_bringing_back_is_told(store: Store) -> None:
    one = saved.save(store, named("甲"), NOW)
    saved.save(store, named("乙"), NOW)
    saved.delete(store, one, NOW)
    assert [(row.segment_id, row.name, row.deleted_at) for row in shelved.deleted(store)] == [(one, "甲", NOW)]
    assert [row.name for row in shelved.listed(store)] == ["乙"]
    for _ in range(2):
        saved.restore(store, one, NOW)
    assert (shelved.deleted(store), len(shelved.versions(store, one))) == ([], 2)
    saved.delete(store, one, NOW)
    saved.save(store, named("甲"), NOW)
    with pytest.raises(BadInputError, match="already a segment"):
        saved.restore(store, one, NOW)


def test_tags_sort_and_words_find(store: Store) -> None:
    one, two = saved.save(store, named("回头客", 30), NOW), saved.save(store, named("Sleeping", 777, "回头客"), NOW)
    saved.tag(store, one, [" 双十一 ", "双十一", "", "老客"], NOW)
    saved.tag(store, two, ["双十一"], NOW)
    assert shelved.known_tags(store) == ["双十一", "老客"]
    assert saved.find(store, one).version == 1, "a tag is no change of what the segment says"
    with pytest.raises(BadInputError, match="too long"):
        saved.tag(store, one, ["x" * 31], NOW)

    def found(text: str, *tags: str, language: str = "zh_CN") -> set[str]:
        return {row.segment_id for row in shelved.search(store, text, tags, language)}

    assert found("") == found("", "双十一") == {one, two}
    assert found("", "双十一", "老客") == found("老客") == {one}
    assert found("SLEEP") == found("777") == found("777 sleep") == {two}
    assert found("777 老客") == found("nothing") == found("sleep", "老客") == set()
    assert found("回头客") == {one, two}, "what it looks into is named"
    assert found("bought", language="en") == {one, two}
    saved.save(store, named("回头客", 31), NOW, one)
    assert saved.find(store, one).tags == ("双十一", "老客")


def test_a_renamed_segment_loses_nobody(store: Store) -> None:
    one = saved.save(store, named("甲"), NOW)
    two = saved.save(store, named("乙", 30, "甲"), NOW)
    three = saved.save(store, named("丙", 30, "乙"), NOW)
    direct = campaigns.saved.create(store, spec(name="直接", ladder=None, segment="甲"), NOW)
    ladder = named("x", 30, "甲").model_dump()
    within = campaigns.saved.create(store, spec(name="文件", segment="", ladder=ladder), NOW)
    other = campaigns.saved.create(store, spec(name="别的", ladder=None, segment="丙"), NOW)
    versions = {name: campaigns.saved.get(store, name).version for name in (direct, within, other)}
    assert [row.name for row in references.dependents(store, one)] == ["丙", "乙"]
    assert [row.name for row in references.dependents(store, two)] == ["丙"]
    assert references.dependents(store, three) == []
    assert [row.name for row in campaigns.saved.writing_to(store, {"甲"})] == ["文件", "直接"]
    saved.save(store, named("新"), NOW, one, None, campaigns.saved.follow)
    new = saved.save(store, named("甲", 1), NOW)
    assert references.used(saved.get(store, two)) == {"新"}
    assert [row.name for row in references.dependents(store, one)] == ["丙", "乙"]
    assert references.dependents(store, new) == []
    assert segments.count(store, saved.get(store, three), DAY)[-1].customers == 0
    assert campaigns.saved.get(store, direct).spec.segment == "新"
    assert references.named_in(campaigns.saved.get(store, within).spec.ladder) == {"新"}
    after = {name: campaigns.saved.get(store, name).version for name in versions}
    assert {name: after[name] - versions[name] for name in versions} == {direct: 1, within: 1, other: 0}
    assert len(shelved.versions(store, two)) == 1, "it says the same as before"


def test_a_deleted_segment_is_never_taken_for_a_new_one_of_its_name(store: Store) -> None:
    one = saved.save(store, named("甲"), NOW)
    two = saved.save(store, named("乙", 30, "甲"), NOW)
    saved.delete(store, one, NOW)
    with pytest.raises(NotFoundError, match="no segment “甲”"):
        segments.count(store, saved.get(store, two), DAY)
    saved.save(store, named("甲", 1), NOW)
    with pytest.raises(NotFoundError, match="no segment"):
        segments.count(store, saved.get(store, two), DAY)
    draft = campaigns.saved.create(store, spec(name="活动", ladder=None, segment="甲"), NOW)
    saved.save(store, named("旧甲"), NOW, one, None, campaigns.saved.follow)
    assert campaigns.saved.get(store, draft).spec.segment == "甲", "that means the new one"
    assert references.used(saved.get(store, two)) == {"旧甲"}


def test_a_launched_campaign_keeps_the_name_of_then(store: Store) -> None:
    one = saved.save(store, named("甲"), NOW)
    sent = campaigns.saved.create(store, spec(name="已发", ladder=None, segment="甲"), NOW)
    with store.transaction() as change:
        campaigns.saved.mark_launched(change, sent, "x", DAY, NOW)
    assert [row.state for row in campaigns.saved.writing_to(store, {"甲"})] == ["sending"]
    saved.save(store, named("新"), NOW, one, None, campaigns.saved.follow)
    assert campaigns.saved.get(store, sent).spec.segment == "甲"


def test_a_shop_of_before_keeps_its_segments_and_has_a_first_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its definitions name other segments by their names."""
    steps = tmp_path / "versions"
    steps.mkdir()
    for file in sorted(migrations.VERSIONS.glob("000[1-7]*.sql")):
        (steps / file.name).write_bytes(file.read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "VERSIONS", steps)
        store = database.open_store(tmp_path / "shop")
        with store.transaction() as change:
            for name, one in (("a", named("甲")), ("b", named("乙", 30, "甲"))):
                values = [name, one.name, json.dumps(one.model_dump(), ensure_ascii=False), NOW, NOW, 4]
                change.execute(
                    "INSERT INTO segments (segment_id, name, definition, created_at, updated_at, version) VALUES (?, ?, ?, ?, ?, ?)", values
                )
        store.close()
    store = database.open_store(tmp_path / "shop")
    (first,) = shelved.versions(store, "b")
    assert (first.version, first.definition, first.saved_at, first.actor) == (4, named("乙", 30, "甲"), NOW, "")
    assert saved.find(store, "b").tags == ()
    assert [row.name for row in references.dependents(store, "a")] == ["乙"]
    saved.save(store, named("新"), NOW, "a")
    assert references.used(saved.get(store, "b")) == {"新"}
    assert segments.count(store, saved.get(store, "b"), DAY)[-1].customers == 0
    store.close()
