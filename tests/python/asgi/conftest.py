"""The runner of the shared suite lies two folders up."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
