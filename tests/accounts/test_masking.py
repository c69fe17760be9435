"""Masks: what stays of each kind of personal text, and that nothing of the rest does."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.accounts import masking
from crm.accounts.masking import Kind


@pytest.mark.parametrize(
    ("kind", "text", "seen"),
    [
        (Kind.NAME, "王小明", "王••"),
        (Kind.NAME, "王", "••"),
        (Kind.NAME, "Annabel Lee", "A••"),
        (Kind.PHONE, "13812345678", "••••5678"),
        (Kind.PHONE, "+44 20 7946 0958", "••••0958"),
        (Kind.PHONE, "1234567", "••••"),
        (Kind.EMAIL, "annabel@example.com", "a••@example.com"),
        (Kind.EMAIL, "a@example.com", "••@example.com"),
        (Kind.HIDE, "浦东新区世纪大道1号", "••"),
        (Kind.CELL, "2026-07-08 00:42:32", "2026-07-08 00:42:32"),
        (Kind.CELL, "1,234.50", "1,234.50"),
        (Kind.CELL, "¥99", "¥99"),
        (Kind.CELL, "13812345678", "1••••••••••"),
        (Kind.CELL, "王小明 138", "王•• •••"),
        (Kind.CELL, "", ""),
    ],
)
def test_what_stays(kind: Kind, text: str, seen: str) -> None:
    assert masking.shown(kind, text) == seen


@given(st.sampled_from([Kind.NAME, Kind.EMAIL, Kind.HIDE, Kind.PHONE]), st.text(min_size=2), st.text(min_size=2))
def test_lengths_tell_nothing(kind: Kind, left: str, right: str) -> None:
    """Two people of whom the same stays look the same."""
    head, last = "x", "12345678"
    assert masking.shown(kind, f"{head}{left}{last}@b.c") == masking.shown(kind, f"{head}{right}{last}@b.c")


@pytest.mark.parametrize("text", ["13812345678", "138 1234 5678", "138-1234-5678", "+8613812345678", "+49 30 123456789", "(555) 123-4567"])
def test_numbers_are_found_in_sentences(text: str) -> None:
    assert masking.found(f"Row 3: “{text}” is no amount.") == f"Row 3: “••••{text.replace('-', '')[-4:]}” is no amount."


def test_an_order_number_stays_in_a_sentence_and_an_address_does_not() -> None:
    text = "订单 3812345678901234567：请联系annabel@example.com。"
    assert masking.found(text) == "订单 3812345678901234567：请••@example.com。"


def test_a_refusal_quotes_no_cell_and_what_is_typed_stays() -> None:
    assert masking.values({"row": 3, "value": "王小明"}) == {"row": 3, "value": "王••"}
    assert masking.values({"value": "Europe/Nowhere"}) == {"value": "Europe/Nowhere"}
    assert masking.values({"candidates": "“旺旺” (王小明, 李四) / “X” (5.00)"}) == {"candidates": "“旺旺” (王••, 李•) / “X” (5.00)"}
    assert masking.values({"column": "同意", "n": 2, "names": "王小明, 也许"}) == {"column": "同意", "n": 2, "names": "王••, 也•"}


def test_a_table_keeps_its_other_columns_and_its_gaps() -> None:
    frame = pd.DataFrame({"name": ["王小明", None], "spend": [1.5, 2.5], "wechat": [float("nan"), "wx_1"], "city": ["杭州市", "上海市"]})
    masked = masking.frame(frame).fillna("")
    assert masked.to_dict("list") == {"name": ["王••", ""], "spend": [1.5, 2.5], "wechat": ["", "••"], "city": ["杭州市", "上海市"]}
    assert frame.name[0] == "王小明"
