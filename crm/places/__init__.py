"""Regions, divisions and time zones.

regions.parse(address)   province, city, district of an address
divisions                the tree of divisions with all names in use
zones                    time zones for SQL statements
"""
