"""Every verdict can be said in both languages, with the same gaps to fill."""

import re

import pytest

from crm import words
from crm.roi import verdict
from crm.ui.result import view

TEMPLATES = [value for name, value in vars(verdict).items() if name.isupper() and isinstance(value, str) and value.endswith(".")]


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_sentence_has_its_chinese(template: str) -> None:
    chinese = words.catalogue("zh_CN")[template]
    assert sorted(re.findall(r"{(\w+)}", chinese)) == sorted(re.findall(r"{(\w+)}", template))


def test_every_verdict_has_its_badge() -> None:
    assert set(view.BADGES) == {verdict.WORKS, verdict.LOSES, verdict.CANNOT_TELL, verdict.NO_HOLDOUT}
    assert all(word in words.catalogue("zh_CN") for word, _, _ in view.BADGES.values())
