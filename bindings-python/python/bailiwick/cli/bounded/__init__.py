"""Readers that check a file before memory is allocated for it: a hostile file of a few bytes can claim any amount."""
