"""Texts that are meant to cost: whatever is written is prepared and filled in within limits of time, memory and size, or refused."""

import resource
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import campaigns, database
from crm.campaigns import bodies, checks, limits, preparing, templates
from crm.errors import BadInputError
from crm.settings import Environment
from tests.campaigns.given import DAY, NOW, people, person, spec
from tests.campaigns.test_templates import KNOWN, LINK
from tests.shares import examples

SECONDS = 3.0
MEGABYTES = 300

BOMBS = {
    "range": '{{ (1..30000000) | join: "x" }}',
    "replace": '{{ "aaaa"' + (' | replace: "a", "' + "a" * 64 + '"') * 8 + " }}",
    "replaces": '{% assign a = "aaaa" %}' + ('{% assign a = a | replace: "a", "' + "a" * 64 + '" %}') * 8 + "{{ a }}",
    "itself": '{% assign a = "aaaaaaaa" %}' + "{% assign a = a | append: a %}" * 11 + '{{ a | replace: "a", a | size }}',
    "braces": "{{" * 20_000,
    "percents": "{%" * 20_000,
    "spaces": "{{" + " " * 40_000,
    "gaps": ("{{" + " " * 990 + "}}") * 40,
    "reversed": "{% for i in (1..99999999) reversed %}{% endfor %}",
    "offset": "{% for i in (1..99999999999) offset: 99999999998 %}{% endfor %}",
    "nested": "{% for i in (1..100) %}{% for j in (1..100) %}x{% endfor %}{% endfor %}",
    "loops": "{% for i in (1..100) %}" + "{{ customer.nickname | upcase }}" * 490 + "{% endfor %}",
    "conditions": "{% for i in (1..31) %}" * 2 + ("{% if 1==1 " + "and 1==1 " * 100 + "%}{% endif %}") * 200 + "{% endfor %}" * 2,
    "contains": '{% if (1..99999999999) contains "x" %}{% endif %}',
    "when": '{% case "a" %}{% when (1..99999999999) %}{% endcase %}',
    "case": '{% case (1..99999999999) %}{% when "a" %}b{% endcase %}',
    "cycle": "{% cycle (1..99999999999), 2 %}",
    "argument": '{{ "a" | append: (1..99999999999) }}',
    "index": "{{ customer[(1..3)] }}",
    "doubling": '{% assign a = "xxxxxxxx" %}' + "{% assign a = a | append: a %}" * 60 + "{{ a }}",
    "captures": "{% capture a %}" + "x" * 9_000 + "{% endcapture %}" + "{{ a }}" * 400,
    "squares": "{% assign a = 99999 %}" + "{% assign a = a | times: a %}" * 40 + "{{ a }}",
    "number": "{{ " + "9" * 900 + " | plus: 1 }}",
    "date": '{{ "2026-01-01" | date: "%999999999d" }}',
    "names": "".join("{% assign a" + str(n) + " = 1 %}" for n in range(5_000)),
    "filters": "{{ 1 " + "| plus: 1 " * 90 + "}}",
    "brackets": "{{ a" + "[a" * 400 + "]" * 400 + " }}",
    "not": "{% if " + "not " * 200 + "true %}{% endif %}",
    "blocks": "{% if true %}" * 200 + "{% endif %}" * 200,
    "raw": "{% raw %}" * 5_000,
    "comment": "{% comment %}" * 400,
    "parentheses": "{{ " + "(" * 900 + "1..2 }}",
    "split": '{{ "' + "a," * 400 + '" | split: "" | join: "' + "b" * 150 + '" }}',
    "parted": "{<b></b>{ (1..99999999) | join: 'x' }<i></i>}",
    "tables": "<table><tr><td>" * 3_000,
    "fonts": "".join(f"<font size={n}><p>" for n in range(3_000)),
    "tags": "<p" * 20_000,
    "styles": "<style>" + "p{" + "color:red;margin:0;" * 2_000 + "}</style>" + "<p>x</p>" * 4_000,
    "selectors": "<style>" + ("* " * 200 + "{color:red}") * 80 + "</style>" + "<div>" * 500 + "<p>x</p>",
    "mjml": "<mjml><mj-body>" + "<mj-section><mj-column>" * 900 + "</mj-column></mj-section>" * 900 + "</mj-body></mjml>",
}


def cost(body: str, subject: str = "AD x") -> float:
    """Prepare and fill in, as preview and send do; the seconds of this process. A refusal is an answer."""
    begun = time.process_time()
    try:
        letter = templates.compiled(campaigns.parse(spec(body=body, subject=subject))).render(KNOWN, LINK)
        assert len(letter.html) + len(letter.text) + len(letter.subject) < 2 * bodies.LARGEST + 3 * limits.LONGEST_FILLED
    except BadInputError as refusal:
        assert str(refusal)
    return time.process_time() - begun


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_or_cheap(name: str) -> None:
    before = peak()
    assert cost(BOMBS[name]) < SECONDS
    assert cost("x", "AD " + BOMBS[name][:490]) < SECONDS
    assert peak() - before < MEGABYTES


def test_a_bomb_is_answered_at_once_the_second_time() -> None:
    """A page that shows a draft is drawn again with every click."""
    cost(BOMBS["fonts"])
    begun = time.monotonic()
    cost(BOMBS["fonts"])
    assert time.monotonic() - begun < 0.5


def test_what_takes_its_helper_down_is_a_sentence() -> None:
    """In the process of the server the same text would be the end of the server."""
    with pytest.raises(BadInputError, match="too much time or memory"):
        preparing.prepared("<table><tr><td>" * 20_000)
    begun = time.monotonic()
    with pytest.raises(BadInputError, match="too much time or memory"):
        preparing.prepared("".join(f"<font size={n}><p>" for n in range(6_000)))
    assert time.monotonic() - begun < preparing.PATIENCE - 5  # its own limits end it, not the clock on the wall


def test_the_checks_look_no_further_through_what_cannot_be_read(store: database.Store) -> None:
    people(store, [person(1)])
    for name in ("braces", "spaces", "percents"):
        campaign_id = campaigns.saved.create(store, campaigns.parse(spec(body=BOMBS[name] + "customer.name")), NOW)
        plan = campaigns.plan(store, campaign_id, DAY)
        begun = time.process_time()
        said = checks.run(store, campaign_id, plan, DAY, Environment())
        assert time.process_time() - begun < SECONDS
        assert [check.code for check in said if check.code == "template"] == ["template"]


NAMES = [
    "customer.nickname",
    "customer.city",
    "shop.name",
    "a",
    "b",
    "i",
    '"x"',
    '"<&>"',
    "7",
    "2.5",
    "(1..9)",
    "(1..99999999)",
    "nil",
    "true",
]
FILTERS = sorted({*limits.FILTERS, "map", "sort", "safe", "concat"})
expressions = st.builds(
    lambda head, filters: head + "".join(f" | {name}{': ' + ', '.join(more) if more else ''}" for name, more in filters),
    st.sampled_from(NAMES),
    st.lists(st.tuples(st.sampled_from(FILTERS), st.lists(st.sampled_from(NAMES), max_size=3)), max_size=6),
)
leaves = st.one_of(
    st.text("ab<>{}%|\n 亲", max_size=8),
    expressions.map(lambda one: "{{ " + one + " }}"),
    expressions.map(lambda one: "{% assign a = " + one + " %}"),
)
BLOCKS = [
    ("{% for i in (1..100) %}", "{% endfor %}"),
    ("{% for i in a reversed %}", "{% endfor %}"),
    ("{% capture a %}", "{% endcapture %}"),
    ("{% if a contains b or i == 3 %}", "{% endif %}"),
    ("{% case a %}{% when 1 %}", "{% endcase %}"),
    ("{% unless (1..3) == a %}", "{% endunless %}"),
    ("{% raw %}", "{% endraw %}"),
]
pieces = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda block, parts: block[0] + "".join(parts) + block[1], st.sampled_from(BLOCKS), st.lists(inner, max_size=4)
    ),
    max_leaves=25,
)


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(pieces, min_size=1, max_size=5).map("".join))
def test_any_template_is_filled_in_or_refused_within_the_limits(text: str) -> None:
    assert cost('{% assign a = "x" %}{% assign b = 1 %}{% assign i = 1 %}' + text) < SECONDS


@pytest.mark.parametrize(
    ("body", "filled"),
    [
        ("{% for i in (1..3) %}★{% endfor %}", "★★★"),
        ('{{ customer.nickname | replace: "小", "大" | append: "！" }}', "大鹿！"),
        ('{{ "2026-08-12" | date: "%m月%d日" }}', "08月12日"),
        ('{% assign a = "b,c" | split: "," %}{{ a | join: "+" }}{{ a.size }}', "b+c2"),
        ("{{ 3 | plus: 4 | times: 2 }}", "14"),
        ("{% raw %}{{ }}{% endraw %}", "{{ }}"),
    ],
)
def test_what_a_letter_needs_still_works(body: str, filled: str) -> None:
    assert templates.compiled(campaigns.parse(spec(body=body))).render(KNOWN, LINK).text.startswith(filled)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("a\n{{ " + "x" * 2_000 + " }}", "A tag in line 2 of the text is too long"),
        ("{{ 1 }}" * 600, "more than 500 tags"),
        ("a\n\n{% tablerow i in (1..3) %}", "Line 3 of the text uses the tag “tablerow”"),
        ("{{ customer.nickname | safe }}", "the filter “safe”"),
        ("{{ (1..300) | join: 'x' }}", "a range goes from number to number"),
        ('{% assign a = "xxxxxxxx" %}' + "{% assign a = a | append: a %}" * 12, "a value becomes too long"),
        ('{{ customer.nickname | date: "%9999d" }}', "letters after %"),
    ],
)
def test_what_is_beyond_the_limits_is_a_sentence(body: str, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        templates.compiled(campaigns.parse(spec(body=body))).render(KNOWN, LINK)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
def test_the_helper_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", "secret")
    assert "CRM_PASSWORD" not in preparing._KEPT
