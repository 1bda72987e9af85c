"""Why an answer is what it is, in words and with the rows that it rests on."""
