"""The process and its streams: what is printed, errors and exit codes, signals."""
