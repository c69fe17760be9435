"""The one entry for whatever file a shop has: order files, customer dossiers, consents, reviews and inquiries.

import_files(store, paths, now=…, options=…)   what each file is, then in; all or nothing
undo(store, import_id, now)                    take any import back
preview(store, import_id)                      what taking it back would mean
KINDS                                          the kinds of files besides orders: columns, synonyms, how they are taken in and out
propose(path, store)                           which kind a table is, and which column is what
lacks(upload, fields, listed)                  what such a table cannot do without and does not have
"""

from crm.uploads.detecting import Proposal, lacks, propose
from crm.uploads.kinds import KINDS, ORDERS
from crm.uploads.taking import import_files
from crm.uploads.undoing import preview, undo
from crm.uploads.upload import Upload

__all__ = ["KINDS", "ORDERS", "Proposal", "Upload", "import_files", "lacks", "preview", "propose", "undo"]
