"""Approvals of exactly one text by a second person, and security reviews. The only writer of both."""
