"""What a batch of attributions comes back as."""

from collections.abc import Iterable

from ._bailiwick import Attribution


class AttributionRows(list[Attribution]):
    """Attributions, row for row, and how many of the rows could not be attributed."""

    unattributed: int
    """How many rows carry an error code as their reason."""

    def __init__(self, rows: Iterable[Attribution] = (), unattributed: int = 0) -> None:
        """Keep the rows and their count."""
        super().__init__(rows)
        self.unattributed = unattributed
