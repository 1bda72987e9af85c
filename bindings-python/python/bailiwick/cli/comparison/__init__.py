"""What differs between two states: as tables, and as Markdown."""
