"""The server of `bailiwick serve`, around the application of `bailiwick.asgi`."""
