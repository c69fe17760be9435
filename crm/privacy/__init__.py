"""What the law asks of a shop: everything about one person as a file, erasing her, keeping nothing longer than needed."""

from crm.privacy import access, erasing, people
from crm.privacy.access import export
from crm.privacy.erasing import adopt, erase
from crm.privacy.keeping import Nightly, elsewhere, keep_for, leaving_soon, tidy
from crm.privacy.people import find, held, of

__all__ = [
    "Nightly",
    "access",
    "adopt",
    "elsewhere",
    "erase",
    "erasing",
    "export",
    "find",
    "held",
    "keep_for",
    "leaving_soon",
    "of",
    "people",
    "tidy",
]
