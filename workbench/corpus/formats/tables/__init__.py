"""Tables: CSV and similar, workbooks, Parquet; each row is a turn or a call."""
