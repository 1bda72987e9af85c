"""What `bailiwick serve` is made of beside the application of `bailiwick.asgi`."""
