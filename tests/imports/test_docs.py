"""docs/import.md knows every field, every key of the map file and every reason."""

from crm.imports.results import REASONS
from crm.layouts import mapping
from crm.layouts.vocabulary import FIELDS
from tests.conftest import ROOT


def test_the_import_page_of_the_docs_is_complete() -> None:
    text = " ".join((ROOT / "docs" / "import.md").read_text(encoding="utf-8").split())
    wanted = [f"`{key}`" for key in mapping.KEYS] + [reason.removesuffix(".") for reason in REASONS.values()]
    assert [word for word in wanted if word not in text] + [field for field in FIELDS if field not in text] == []
