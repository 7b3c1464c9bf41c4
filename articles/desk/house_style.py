"""The house style as data. The only writer of house rules."""
