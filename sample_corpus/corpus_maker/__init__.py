"""Makes the sample corpus: invented calls and e-mails of an invented software company, with known labels."""
