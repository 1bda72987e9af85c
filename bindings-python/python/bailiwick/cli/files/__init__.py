"""Files that commands read and write: directories, documents, keys, and atomic output."""
