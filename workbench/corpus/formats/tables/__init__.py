"""Tables: CSV and its like, workbooks, Parquet; a row is a turn, or a call."""
