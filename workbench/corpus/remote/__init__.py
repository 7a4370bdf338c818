"""The corpus on object storage: a bucket holds what counts, and each machine a copy that reads as a local corpus."""
