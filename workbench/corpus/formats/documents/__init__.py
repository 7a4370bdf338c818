"""Documents: Word files with transcripts, and those that cannot be read, with advice."""
