"""Put the example's requests to the Python package and print the answers as one JSON document."""

import json
import sys
from pathlib import Path

from bailiwick import Bailiwick

directory, requests = (json.loads(Path(path).read_text("utf-8")) for path in sys.argv[1:])
guard = Bailiwick.from_directory(directory)
access = [guard.check_access(**row["request"]).to_dict() for row in requests["access"]]
usage = [guard.attribute(**row["usage"]).to_dict() for row in requests["usage"]]
sys.stdout.write(json.dumps({"access": access, "usage": usage}, ensure_ascii=False, separators=(",", ":")))
