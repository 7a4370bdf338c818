"""The contents of requests and replies as pydantic models, which check and describe them."""
