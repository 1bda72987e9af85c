"""Files of usage: reading, attribution, writing and counting."""
