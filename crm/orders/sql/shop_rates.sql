-- The rates that count: of each currency and day the one told last, into the shop's currency.
-- Reads rate_rows.
SELECT currency, day, arg_max({'rate': rate, 'import_id': import_id}, told) AS latest FROM rate_rows WHERE own = $shop_currency GROUP BY currency, day
