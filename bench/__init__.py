"""Measures the real program beside a blank Textual app and beside raw sqlite3, in one run: `make bench`."""
