"""Any file → text tables: what kind of file it is, archives, encodings, workbooks, web pages, the table inside a text.

sniffing.kind(path)                 what kind of file it is, by what is in it
decoding, transcoding               which encoding a text is in, and its UTF-8 copy
workbooks, sheets, fast_xlsx, pages spreadsheets and web pages as delimited text
tables.read(path)                   delimiter, quoting, header row: a Table
"""
