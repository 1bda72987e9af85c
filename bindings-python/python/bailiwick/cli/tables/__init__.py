"""Files of usage: read, attributed, written and counted."""
