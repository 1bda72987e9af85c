"""What the other engines need: a directory in the form that each wants, and the same rules in the language of each."""
