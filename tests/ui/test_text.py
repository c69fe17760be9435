"""What a person, a file or the network wrote is text: in every place of the code that puts it on a page, and whatever it says."""

import ast
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.errors import BadInputError
from crm.ui.text import quoted
from crm.ui.words import safely, sentence
from tests.conftest import ROOT
from tests.sizes import tree

SCREENS = [*sorted((ROOT / "crm" / "ui").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py"))]
OUTSIDE = set(
    """
    name nickname buyer file path title address city province shop platform segment category text value detail reason example email
    phone zone timezone error who account customer column description subject body named
    """.split()
)
"""How the code calls what comes from people, files and networks."""
MARKDOWN = set(
    """
    markdown write caption metric toast error warning info success badge button expander title header subheader checkbox toggle radio pills
    segmented_control popover link_button page_link progress status dialog spinner form_submit_button download_button text_input text_area
    """.split()
)
PLAIN = {
    ("crm/ui/campaigns/draft.py", "spec.name"): "the name of a copy",
    ("crm/ui/components.py", "title"): "the pages' own; a campaign's is quoted by its page",
    ("crm/ui/conflicts.py", "name"): "our own words for what differs; those of rules are quoted",
    ("crm/ui/conflicts.py", "title"): "our own",
    ("crm/ui/currencies.py", "name"): "names of currencies",
    ("crm/ui/customer/view.py", "title"): "quoted before",
    ("crm/ui/customers/cards.py", "name"): "a dimension",
    ("crm/ui/customers/drawings.py", "name"): "a key",
    ("crm/ui/kpi/course.py", "campaign.name"): "in a chart, which shows texts as they are",
    ("crm/ui/kpi/course.py", "name"): "our own calendar's",
    ("crm/ui/customers/view.py", "name"): "in a select box, which is no Markdown",
    ("crm/ui/customers/view.py", "one.name"): "in a select box, which is no Markdown",
    ("crm/ui/menu.py", "name"): "a page",
    ("crm/ui/settings/rules.py", "name"): "the name of a setting",
    ("crm/ui/whats_new.py", "text"): "our own changelog",
    ("crm/ui/menu.py", "place.name"): "a page",
    ("crm/ui/orders/files.py", "text"): "names of layouts and encodings",
    ("crm/ui/orders/outcome.py", "name"): "our own",
    ("crm/ui/orders/outcome.py", "text"): "made of quoted parts",
    ("crm/ui/orders/outcome.py", "title"): "our own",
    ("crm/ui/products/view.py", "name"): "our own",
    ("crm/ui/segments/state.py", "name"): "the name of a rung",
    ("crm/ui/segments/catalogue.py", "title"): "a number",
    ("crm/ui/segments/dependents.py", "one.name"): "quoted with the others",
    ("crm/ui/segments/listed.py", "name"): "quoted before",
    ("crm/ui/segments/listed.py", "title"): "a number",
    ("crm/ui/segments/shown.py", "text"): "a number",
    ("crm/ui/segments/shown.py", "title"): "made of quoted parts",
    ("crm/ui/segments/target.py", "name"): "quoted before",
    ("crm/ui/segments/target.py", "title"): "made of quoted parts",
    ("crm/ui/segments/versions.py", "name"): "our own words for what differs",
    ("crm/ui/segments/versions.py", "title"): "a moment and quoted parts",
    ("crm/ui/segments/view.py", "counted.name"): "a key",
    ("crm/ui/segments/view.py", "name"): "quoted before",
    ("crm/ui/segments/view.py", "title"): "a number",
    ("crm/ui/segments/why.py", "name"): "quoted before",
    ("crm/ui/settings/view.py", "name"): "a key",
    ("crm/ui/users/view.py", "name"): "quoted before",
    ("crm/ui/campaigns/draft.py", "spec.segment"): "a key",
    ("crm/ui/campaigns/draft.py", "token.name"): "a key",
    ("crm/ui/campaigns/draft.py", "token.example"): "our own",
    ("crm/ui/joined.py", "named"): "made of quoted parts",
    ("crm/ui/kpi/months.py", "column"): "a column of a chart",
    ("crm/ui/kpi/months.py", "text"): "a number",
    ("crm/ui/kpi/view.py", "text"): "a number",
    ("crm/ui/orders/outcome.py", "outcome.timezone"): "checked against the zones that there are",
    ("crm/ui/orders/wording.py", "example"): "our own",
    ("crm/ui/products/changes.py", "category"): "the trail",
    ("crm/ui/products/changes.py", "entry.example"): "quoted where it is shown",
    ("crm/ui/products/view.py", "category"): "a key",
    ("crm/ui/result/view.py", "campaign.name"): "a list to choose from, which is no Markdown",
    ("crm/ui/segments/conflict.py", "rung.name"): "a cell, quoted by the table",
    ("crm/ui/segments/shelf.py", "name"): "the name of a copy",
}
"""What may stand there as it is, and why."""


def unquoted(file: Path) -> list[str]:
    """Every value from outside that a file puts into a text with {values}, or straight onto a page, as it is."""
    items = []
    for node in ast.walk(tree(file)):
        values: list[ast.expr] = []
        if isinstance(node, ast.JoinedStr):
            values = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "_":
            values = [word.value for word in node.keywords if word.arg]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MARKDOWN:
            values = [*node.args[:1], *(word.value for word in node.keywords if word.arg in ("label", "body", "help"))]
        items += [ast.unparse(value) for value in map(_core, values) if _is_from_outside(value)]
    return items


def _core(value: ast.expr) -> ast.expr:
    return value.values[0] if isinstance(value, ast.BoolOp) else value


def _is_from_outside(value: ast.expr) -> bool:
    word = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
    return word in OUTSIDE


def test_nothing_from_outside_goes_onto_a_page_unquoted() -> None:
    found = {(str(file.relative_to(ROOT)), value) for file in SCREENS for value in unquoted(file)}
    assert sorted(found - PLAIN.keys()) == []
    assert sorted(PLAIN.keys() - found) == []


def test_the_check_sees_what_it_looks_for(tmp_path: Path) -> None:
    file = tmp_path / "page.py"
    file.write_text('st.markdown(f"**{row.name}**")\n_("{file}", file=path.name)\nst.button(campaign.name)\nst.caption(quoted(row.name))\n')
    assert unquoted(file) == ["row.name", "path.name", "campaign.name"] or len(unquoted(file)) == 3


@given(st.text(max_size=60) | st.text(string.punctuation + "aW \n", max_size=30))
def test_quoted_text_is_one_line_with_every_sign_disarmed(text: str) -> None:
    shown = quoted(text)
    assert "\n" not in shown
    assert (
        shown.replace("\u2060", "").replace("\\", "").strip("`").strip()
        == " ".join(text.split()).replace("\\", "").replace("\u2060", "").strip("`").strip()
        or "`" in text
    )
    if not shown.startswith("`"):
        assert not any(sign in "[]*_`<$" and (at == 0 or shown[at - 1] != "\\") for at, sign in enumerate(shown))


@pytest.mark.parametrize("text", ["a@b\n\n![p](https://evil.example/p.png)", "x://`![p](https://evil.example/p.png)`", "https://a\n\n# b"])
def test_an_address_does_not_lead_out_of_its_code(text: str) -> None:
    shown = quoted(text)
    assert "\n" not in shown
    assert (shown.startswith("`") and shown.endswith("`") and shown.count("`") == 2) or "\\`" in shown


def test_refusals_show_their_values_as_text() -> None:
    picture = "![p](https-evil)"
    assert sentence(BadInputError("a.b", "{file} is not there.", file=picture)) == f"{quoted(picture)} is not there."
    assert safely("{n} of {name}", n=3, name="**b**") == r"3 of \*\*b\*\*"
