"""Product tables 商品品类表: which product, by title or by code, belongs to which category. Kept by `crm.products.assignments`."""

from dataclasses import dataclass

from crm.database import Transaction
from crm.errors import BadInputError
from crm.orders import categories, derive
from crm.products import assignments
from crm.uploads.upload import Batch, Row, Upload, titles

COLUMNS = titles("products")
Key = tuple[str | None, str | None]


@dataclass(frozen=True)
class _Told:
    row: Row
    title: str | None
    code: str | None
    category: str

    @property
    def key(self) -> Key:
        """By what the row knows its product: the code where there is one, it is more exact than a title."""
        return (None, self.code) if self.code else (self.title, None)


def take(change: Transaction, batch: Batch) -> None:
    """Write down what the rows say, then give every order line its category anew."""
    kept = _consistent([result for row in batch.rows if (result := _typed(row, batch))], batch)
    batch.result.counts = _counts(change, kept)
    rows = [{"product": title, "sku": code, "category": category} for (title, code), category in _choices(kept).items()]
    if rows:
        assignments.add(change, assignments.frame(rows), batch.import_id, batch.now, "import", batch.import_id)
        derive.relabel(change, batch.shop)


def _typed(row: Row, batch: Batch) -> _Told | None:
    title, code = row.cells.get("title"), row.cells.get("code")
    if not title and not code:
        batch.reject(row, None, "product")
        return None
    try:
        return _Told(row, title, code, categories.named(row.cells.get("category", "")))
    except BadInputError:
        batch.reject(row, "category", "category")
        return None


def _consistent(items: list[_Told], batch: Batch) -> list[_Told]:
    """Of rows that contradict each other the last counts; the others are rejected."""
    last = {one.key: one.category for one in items}
    for one in items:
        if last[one.key] != one.category:
            batch.reject(one.row, "category", "category_again")
    return [one for one in items if last[one.key] == one.category]


def _choices(items: list[_Told]) -> dict[Key, str]:
    """By code and by title; a title that stands with codes of several categories is told apart by its codes only."""
    values = {one.key: one.category for one in items}
    beside: dict[str, set[str]] = {}
    for one in items:
        beside.setdefault(one.title or "", set()).add(one.category)
    for one in items:
        if one.title and len(beside[one.title]) == 1:
            values.setdefault((one.title, None), one.category)
    return values


def _counts(change: Transaction, items: list[_Told]) -> dict[str, int]:
    known: dict[Key, str | None] = {
        (row["product"], row["sku"]): row["category"] for row in change.rows("SELECT product, sku, category FROM product_choices")
    }
    products = {one.key: one.category for one in items}
    new = sum(known.get(key) is None for key in products)
    same = sum(known.get(key) == category for key, category in products.items())
    return {"new": new, "changed": len(products) - new - same, "unchanged": same}


def undo(change: Transaction, import_id: str) -> dict[str, int]:
    """Take back what an import said of products; order lines get the category they would have without it."""
    dropped = assignments.drop(change, import_id)
    derive.relabel(change, derive.shop_of(change))
    return {"products_removed": dropped}


UPLOAD = Upload(
    name="products",
    zh="商品品类表",
    en="Product categories",
    columns=COLUMNS,
    required=(("title", "code"), ("category",)),
    take=take,
    undo=undo,
    example={"title": "节日礼盒 大号", "code": "A-001", "category": "礼品"},
    english={"title": "Gift box, large", "category": "Gifts"},
)
