"""Groups of customers: the filter language (fields, filters, compile), the ladder of rungs, saved segments, exploring by clicks.

load(store, file_or_name)                 a Definition from a saved segment or a JSON file
count(store, definition, as_of)           one RungCount per rung
members(store, definition, as_of, rung)   Ibis table of customer_facts rows
page(…) · export_csv(…)                   the members as a table, as a file
"""

from crm.segments.definition import Definition, Rung
from crm.segments.export import export_csv
from crm.segments.files import load
from crm.segments.ladder import RungCount, chosen, count, members
from crm.segments.listing import page

__all__ = ["Definition", "Rung", "RungCount", "chosen", "count", "export_csv", "load", "members", "page"]
