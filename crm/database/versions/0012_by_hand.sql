-- What people of the shop write of a customer by hand stands beside what files say of her, and is made customers of in the same way.

-- Fields that this record says are not known (|gender|size|), so that what was said of them before counts no longer. NULL: none.
ALTER TABLE person_records ADD COLUMN cleared TEXT;

-- Who wrote it by hand; NULL: an import told it. What is written by hand has an import_id of its own and the number of the latest import before it.
ALTER TABLE person_sources ADD COLUMN actor TEXT;
ALTER TABLE touch_sources ADD COLUMN actor TEXT;
