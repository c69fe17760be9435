-- What people and uploaded tables said of products, by title and by code; both are empty as long as nobody said anything.
-- Reads product_choices; makes chosen_titles, chosen_codes, product_words.
CREATE OR REPLACE TEMP TABLE chosen_titles AS SELECT product, category, seq FROM product_choices WHERE product IS NOT NULL;
CREATE OR REPLACE TEMP TABLE chosen_codes AS SELECT sku, category, seq FROM product_choices WHERE sku IS NOT NULL;
CREATE OR REPLACE TEMP TABLE product_words (product TEXT, category TEXT);
