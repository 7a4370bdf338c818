"""What answers a question about a conversation: by meaning alone, by a model on this machine, or over an endpoint."""
