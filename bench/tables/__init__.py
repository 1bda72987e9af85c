"""Usage tables attributed by the engine, and by joins in DuckDB and Polars: the same answers, timed in one run."""

import os

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # everybody has one thread; Polars reads this when it is imported
