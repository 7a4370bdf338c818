"""What every room above needs of a workspace: corpus, state, vectors and encoder."""
