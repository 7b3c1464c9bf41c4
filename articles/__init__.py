"""The newsroom: one Django app, its rooms named as a newsroom's."""
