"""The plant room: settings, middleware, health, checks, logs and the clock. It does not know what a story is."""
