"""The corpus on object storage: a bucket has the original, and each machine a copy that reads like a local corpus."""
