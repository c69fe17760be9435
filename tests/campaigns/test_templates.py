"""The words: filled in for each person, strict about names, escaped, cleaned, limited; each fault a sentence with its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import campaigns
from crm.campaigns import bodies, templates
from crm.errors import BadInputError
from tests.campaigns.given import spec
from tests.shares import examples

LINK = "https://shop.example.com/u/1"
KNOWN = {"customer.nickname": "小鹿", "customer.city": None, "shop.name": "回头"}


def render(body: str, subject: str = "AD x", **values: str | None) -> templates.Rendered:
    return templates.compiled(campaigns.parse(spec(body=body, subject=subject))).render(KNOWN | values, LINK)


def test_values_defaults_and_conditions() -> None:
    text = '{{ customer.nickname | default: "亲" }}{% if customer.city %}在{{ customer.city }}{% endif %}，{{ shop.name }}'
    assert render(text).text.startswith("小鹿，回头")
    assert render(text, **{"customer.nickname": None, "customer.city": "杭州"}).text.startswith("亲在杭州，回头")


def test_html_is_escaped_and_the_subject_is_not() -> None:
    result = render("<p>{{ customer.nickname }}</p>", "AD {{ customer.nickname }}", **{"customer.nickname": "<b>&\"'"})
    assert "&lt;b&gt;&amp;" in result.html
    assert result.subject == "AD <b>&\"'"


EVIL = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    "<iframe src=//e></iframe>",
    "<form><input></form>",
]


@pytest.mark.parametrize("evil", EVIL)
def test_html_is_cleaned(evil: str) -> None:
    text = render(f"<p>x</p>{evil}").html.lower()
    assert not any(bad in text for bad in ("<script", "onerror", "javascript:", "<iframe", "<form"))


def test_liquid_survives_the_cleaning_in_attributes_and_conditions() -> None:
    link = '<a href="https://a.cn/?q={{ customer.nickname | url_encode }}">y</a>'
    body = '<p>{% if customer.nickname != "<a>" %}<a href="{{ unsubscribe_url }}">x</a>{% endif %}</p>' + link
    result = render(body).html
    assert f'<a href="{LINK}">x</a>' in result
    assert "https://a.cn/?q=%E5%B0%8F%E9%B9%BF" in result


def test_styles_are_inlined_and_nothing_is_fetched() -> None:
    result = render('<style>p{color:red}</style><link rel="stylesheet" href="http://127.0.0.1:9/x.css"><p>x</p>').html
    assert "color: red" in result or "color:red" in result
    assert "127.0.0.1" not in result


def test_mjml_becomes_html_with_a_plain_part() -> None:
    body = "<mjml><mj-body><mj-section><mj-column><mj-text>{{ customer.nickname }}</mj-text></mj-column></mj-section></mj-body></mjml>"
    result = render(body)
    assert "<table" in result.html
    assert "小鹿" in result.text
    assert LINK in result.html
    assert LINK in result.text


@pytest.mark.parametrize("body", ["你好", "<p>hello</p>", "{{ unsubscribe_url }}", '<a href="{{ unsubscribe_url }}">x</a>'])
def test_every_letter_has_a_way_out_in_both_parts(body: str) -> None:
    result = render(body)
    assert f'href="{LINK}"' in result.html
    assert LINK in result.text


def test_plain_text_is_text() -> None:
    result = render("1 < 2 & 3\n第二行\n\nhttps://a.cn/?b=1&c=2，好")
    assert "1 < 2 & 3\n第二行" in result.text
    assert "1 &lt; 2 &amp; 3<br>第二行" in result.html
    assert '<a href="https://a.cn/?b=1&amp;c=2">' in result.html


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("a\n{% if shop.name %}b", "Line 2 of the text opens a tag that is never closed"),
        ("a\n\n{{ customer.nickname", "Line 3 of the text opens a tag that is never closed"),
        ("{% comment %}x", "Line 1 of the text opens a tag"),
        ("a\n{{ customer.phone }}", "Line 2 uses “customer.phone”"),
        ("{{ customer.nickname | shout }}", "the filter “shout”"),
        ("{% for i in (1..9999999) %}{{ i }}{% endfor %}", "cannot be filled in"),
        ("{% include 'secret' %}", "cannot include"),
        ("{% endif %}", "Line 1 of the text cannot be filled in"),
        ("<mjml><mj-body><mj-text></mj-body></mjml>", "MJML"),
    ],
)
def test_each_fault_is_a_sentence_with_its_line(body: str, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        render(body)


def test_a_fault_in_the_subject_says_so() -> None:
    with pytest.raises(BadInputError, match="The subject opens a tag"):
        render("x", "AD {% if shop.name %}")


def test_a_name_with_line_breaks_stays_on_one_line_in_the_subject() -> None:
    assert render("x", "AD {{ customer.nickname }}", **{"customer.nickname": "a\r\nBcc: b"}).subject == "AD a Bcc: b"


@settings(max_examples=examples(60), deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_any_nickname_comes_out_as_it_went_in(name: str) -> None:
    if not name:
        return
    assert render("[{{ customer.nickname }}]", **{"customer.nickname": name}).text.startswith(f"[{name}]")


@settings(max_examples=examples(60), deadline=None)
@given(st.text(alphabet="a<>{}%|/\"'= \n亲pb", max_size=60))
def test_any_body_is_rendered_or_refused_with_a_sentence(body: str) -> None:
    try:
        assert LINK in render(body or "x").text
    except BadInputError as refusal:
        assert str(refusal)


def test_what_was_typed_decides_its_kind() -> None:
    assert [bodies.kind(text) for text in ("hello", "a < b", "<p>x</p>", " <mjml>")] == ["text", "text", "html", "mjml"]
