"""From files to source records and all that follows from them, in one transaction that is whole or absent.

steps.import_orders(store, paths, now=…)   the steps of an import of order files
inspection, previewing                      what a file is and how its columns would be read, before anything is kept
history.listed / rejections / undo          what was imported, and taking it back
Inbox                                       files that a nightly export puts into data/shop/inbox/
"""
