"""The process and its streams: output, errors, exit codes and signals."""
