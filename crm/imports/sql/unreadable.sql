-- Rows with bytes that no encoding could read.
INSERT INTO bad
SELECT row_no, '', 'unreadable' FROM staged WHERE contains(concat_ws('', *COLUMNS(* EXCLUDE (row_no))), chr(65533));
