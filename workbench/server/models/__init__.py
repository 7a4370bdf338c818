"""What requests bring and replies hold, as pydantic models: checked against them, and described by them."""
