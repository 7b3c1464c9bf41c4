"""The verbs of journalists. Each names its actor, checks rights, changes, and records one event, in one transaction."""
