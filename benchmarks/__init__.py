"""Loads that measure the newsroom and print ratios. Run by hand, never by the tests: see docs/performance.md."""
