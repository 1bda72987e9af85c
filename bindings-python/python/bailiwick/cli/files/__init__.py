"""Files that commands read and write: directories, documents, keys, and output that is there whole or not at all."""
