"""What the products page remembers, and the keys of its inputs."""

from dataclasses import dataclass

from crm.orders.categories import Rules
from crm.ui import session


class Key(session.Keys):
    AGAIN = "products_again"
    UNDO = "products_undo"
    FINE = "products_fine"
    BACK = "products_back"
    WHICH = "products_which"
    SEARCH = "products_search"
    TABLE = "products"
    PAGE = "products_page"
    INTO = "products_into"
    PUT = "products_put"
    OUT = "products_out"
    WORD = "products_word"
    WORD_INTO = "products_word_into"
    WORD_SAVE = "products_word_save"
    PROPOSED = "products_proposed"
    PROPOSED_INTO = "products_proposed_into"
    PROPOSED_SAVE = "products_proposed_save"
    RULES = "products_rules"
    RULES_SAVE = "products_rules_save"
    RULES_CONFLICT = "rules"


@dataclass(frozen=True)
class Put:
    """Products were put in a category, or out of it (None)."""

    change_id: str
    products: int
    category: str | None


@dataclass(frozen=True)
class Reworded:
    """The words in titles were changed."""

    before: Rules
    products: int
    seen: int  # the version that the change made: the way back is open as long as it stands


@dataclass(frozen=True)
class Base:
    """The words with which the text began, and their version."""

    seen: int
    rules: Rules
    generation: int


@dataclass
class ProductsState:
    generation: int = 0  # how often something was changed: inputs and ticks then have other keys and begin anew
    seen: int | None = None  # the version of the assignments that the run before showed: a button was pressed on that
    drawn: int | None = None  # the one that this run shows
    done: Put | Reworded | None = None  # the last change, as long as its way back is offered
    base: Base | None = None
