"""System checks of the plant room: what would hurt later is said before the start."""
