"""What every room above needs from a workspace: corpus, state, vectors and encoder."""

from workbench.resources.resources import Resources

__all__ = ["Resources"]
