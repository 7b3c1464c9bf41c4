"""Casualty holds, on a story or on a name wherever it stands. The only writer of holds."""
