"""Order files → orders, order lines, customers.

    importing.import_files(store, paths, now=…, options=…)   read files, keep what they tell, rebuild what follows from it
    inspect.inspect_file(path)                               what a file is and how its columns would be read
    imports.listed / rejections / undo / remove_demo         what was imported, and taking it back
    derive.rebuild(change)                                   orders, order lines and customers from the tellings
    regions.parse(address) · categories.category(title)      small readers of addresses and titles

On the way: files (containers, encodings) → tables (delimiter, header) → layouts | mapping (which column is what) → staging (raw rows in the
database) → cleaning (typed tellings, rejected rows) → merging (what is new) → derive.
"""
