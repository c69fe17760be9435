"""What a column means: known platforms (data/reference/platforms), the mapping of unknown tables, words for statuses and consent.

platforms.every()        the known platforms, each from its file
registry.detect(header)   the known layout of a header
mapping.layout(…)         a layout made of a map file or of what columns look like
statuses, answers, marks  status texts, answers about marketing, signs of currencies
asking                    what cannot be told, as a refusal with its candidates
"""
