-- The rates that count: of each currency and day the one told last, into the shop's currency ($1).
SELECT currency, day, arg_max({'rate': rate, 'import_id': import_id}, told) AS latest FROM rate_rows WHERE own = $1 GROUP BY currency, day
