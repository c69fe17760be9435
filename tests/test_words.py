"""Words on screen: every label, name and reason is there in both languages, and every translation is of something that is still said."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from crm import uploads, words
from crm.campaigns import tokens
from crm.customers import attributes, dimensions, overview
from crm.layouts import platforms
from crm.messaging import channels
from crm.segments import export, ops
from crm.segments import words as phrases
from crm.uploads import lists
from tests.conftest import ROOT
from tests.sizes import PRODUCT, tree

CJK = re.compile("[\u4e00-\u9fff]")
SCREENS = [file for file in PRODUCT if file.is_relative_to(ROOT / "crm" / "ui") or file.parent.name == "pages"]
OTHERS = [file for file in PRODUCT if file not in SCREENS and not {"cli", "bench", "demo"} & set(file.relative_to(ROOT).parts)]
LABEL = re.compile(r"[A-Z][a-z]+(?!\w*/)")
SENTENCE = re.compile(r"([A-Z][a-z]*|\{\w+\}:?) [\w{“(]+ .*[a-z] [a-z]")
"""On a screen anything that begins with a capital is a label (but for Asia/Shanghai); elsewhere only a text of four words or more."""
SAME = re.compile(
    "Shopify|WooCommerce|Amazon|Etsy|TikTok Shop|Lazada|Stripe|PayPal|Square|Magento|PrestaShop|Squarespace|Wix|BigCommerce|"
    "Big5|Windows-1252|Huitou 回头|The box was torn|This is not a list of events."
)
"""What is the same in both languages, the English example of a review, and what only a program reads."""


@cache
def constants(file: Path) -> dict[str, str]:
    """The texts that a module gives names to."""
    values: dict[str, str] = {}
    for node in tree(file).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            text = folded(node.value, values)
            values |= {node.targets[0].id: text} if text is not None else {}
    return values


def folded(node: ast.AST, names: dict[str, str]) -> str | None:
    """A text that is written in pieces, as one; None where not all of it is known."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = folded(node.left, names), folded(node.right, names)
        return left + right if left is not None and right is not None else None
    text = names.get(node.id) if isinstance(node, ast.Name) else node.value if isinstance(node, ast.Constant) else None
    return text if isinstance(text, str) else None


def texts(node: ast.AST, names: dict[str, str]) -> Iterator[str]:
    """Every text of a file, those in pieces as one; without docstrings, names of types and what stands beside its Chinese."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("TypeVar"):
        return
    parts = [part.value if isinstance(part, ast.keyword) else part for part in ast.iter_child_nodes(node)]
    items = [None if isinstance(part, ast.Name) else folded(part, names) for part in parts]
    chinese = [text for text in items if text and CJK.search(text)] if isinstance(node, ast.Call | ast.Tuple) else []
    for part, text in zip(parts, items, strict=True):
        if text is None:
            yield from texts(part, names)
        elif not isinstance(node, ast.JoinedStr) and (text in chinese or not chinese):
            yield text


def all_texts(files: list[Path]) -> Iterator[tuple[Path, str]]:
    return ((file, text) for file in files for text in texts(tree(file), constants(file)))


def test_every_label_and_sentence_is_translated() -> None:
    known = words.catalogue("zh_CN")
    labels = [(file, text) for file, text in all_texts(SCREENS) if LABEL.match(text)]
    labels += [(file, text) for file, text in all_texts(OTHERS) if SENTENCE.match(text)]
    assert len(labels) > 1000
    assert [f"{file.name}: {text}" for file, text in labels if text not in known and not SAME.fullmatch(text)] == []


def formed(files: list[Path], call: str | None = None) -> Iterator[re.Pattern[str]]:
    """The texts that are formed with values (f"…"), as what they match; with `call` those given to it only."""
    for file in files:
        for node in ast.walk(tree(file)):
            if call is None or (isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] == call):
                for part in [node] if call is None else node.args:
                    if isinstance(part, ast.JoinedStr):
                        pieces = [re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".*" for one in part.values]
                        yield re.compile("".join(pieces), re.DOTALL)


def test_every_reason_of_a_channel_is_translated() -> None:
    """It is formed with the status code or the error, and told by the campaign's page."""
    reasons = list(formed(OTHERS, "Outcome"))
    assert len(reasons) > 5
    assert [one.pattern for one in reasons if not any(one.fullmatch(known) for known in words.catalogue("zh_CN"))] == []


def test_how_every_attribute_is_made_is_translated() -> None:
    """A customer's page says it beside the value."""
    assert [one.meaning for one in attributes.every().values() if one.meaning not in words.catalogue("zh_CN")] == []


def test_every_translation_is_used() -> None:
    values = {re.sub(r"\d+", "{n}", text) for _, text in all_texts(PRODUCT)} | {text for _, text in all_texts(PRODUCT)}
    shapes = [one for one in formed(PRODUCT) if len(re.sub(r"\W|\.\*", "", one.pattern)) > 10]
    values |= {one.meaning for one in attributes.every().values()}  # stands beside a Chinese name; a customer's page says it
    items = [*words.catalogue("zh_CN"), *words.singular()]
    assert [text for text in items if text not in values and not any(one.fullmatch(text) for one in shapes)] == []


def test_every_name_is_there_in_both_languages() -> None:
    """Of attributes, operators, dimensions, platforms, channels, numbers, kinds of files, variables: a Chinese one and an English one."""
    listed = [attributes.every(), dimensions.every(), platforms.every(), channels.every(), uploads.KINDS]
    named = [*(one for some in listed for one in some.values()), *ops.ALL, *overview.KINDS, *tokens.TOKENS]
    named += [known for known, _ in lists.entries()]
    pairs = [(one.zh, one.en) for one in named] + [*export.COLUMNS.values(), *phrases.PHRASES.values()]
    pairs += [pair for one in attributes.every().values() for pair in [*one.phrases.values(), *one.values.values()]]
    assert len(pairs) > 150
    assert [
        pair for pair in pairs if pair[0] != pair[1] and not CJK.search(pair[0]) and re.search(r"[a-z]", re.sub("{.*?}", "", pair[1]))
    ] == []
    assert [pair for pair in pairs if CJK.search(pair[1])] == []
    assert [pair for pair in pairs if set(re.findall(r"{(\w+)", pair[0])) != set(re.findall(r"{(\w+)", pair[1]))] == []
