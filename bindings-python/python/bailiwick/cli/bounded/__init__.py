"""Readers that check what a file claims before memory is taken for it: a hostile file of a few bytes can claim any amount."""
