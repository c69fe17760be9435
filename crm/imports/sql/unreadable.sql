-- Rows with bytes that no encoding could read.
-- Reads staged; writes rejects.
INSERT INTO rejects
SELECT row_no, '', 'unreadable' FROM staged WHERE contains(concat_ws('', *COLUMNS(* EXCLUDE (row_no))), chr(65533));
