"""Who may do what in an organization's projects, and where their usage is booked.

>>> guard = Bailiwick.from_directory(document)
>>> guard.is_allowed("user:usr_bob", "instant_cluster.ssh", "instant_cluster:cl_1")
True
"""

from ._answers import Attributions
from ._bailiwick import VERSION as __version__
from ._bailiwick import Attribution, Bailiwick, Decision
from ._errors import BailiwickError, InvalidInputError

__all__ = ["Attribution", "Attributions", "Bailiwick", "BailiwickError", "Decision", "InvalidInputError", "__version__"]
