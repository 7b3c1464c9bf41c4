"""Embargoes: set, raised, lowered by two people, and who opened what they cover."""
