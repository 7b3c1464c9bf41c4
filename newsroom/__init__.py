"""The plant room: settings, addresses, middleware, health, checks, logs and the clock. Nothing here knows what a story is."""
