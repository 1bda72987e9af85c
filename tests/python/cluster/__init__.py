"""Attribution on clusters: what workers do, in Spark and in Dask, and what the documentation says of it."""
