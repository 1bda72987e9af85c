"""The benchmark as a whole: it starts the programs of the three languages, and tells what they measured."""
