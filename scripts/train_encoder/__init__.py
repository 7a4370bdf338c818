"""Trains the conversation encoder: the packaged MiniLM's upper layers learn what people do in conversations."""
