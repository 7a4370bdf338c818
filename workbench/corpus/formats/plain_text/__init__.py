"""Transcripts as plain text: pasted, or exported by meeting tools, assistants and transcription offices."""
