"""Work beyond one machine: encoding and reading on the workers of a Dask cluster, recorded by the caller alone.

Workers get pure tasks with all that these need, and give back what they come to. They open no workspace and write
nothing, so a worker that ends loses nothing: Dask gives its tasks to another one.
"""

from workbench.distributed.cluster import Cluster, cluster_of
from workbench.distributed.encoding import encode

__all__ = ["Cluster", "cluster_of", "encode"]
