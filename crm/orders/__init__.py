"""Orders, order lines and customers, derived from source records.

derive.rebuild(change)      orders, order lines and customers from all source records; `refresh` only from what an import touched
crosswalk                   accounts that are one person, as somebody decided
categories, rates, money    the shop's own words for products, other currencies, the money of lines
line_level                  orders that files tell line by line
"""
