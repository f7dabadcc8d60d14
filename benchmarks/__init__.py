"""Does it pay? Measures how clients read and servers serve many at once."""
