"""In place of the real one while the till is measured: peewee loads it where it is installed, and it is only
installed with `pos-tui[postgres]`. A counter on SQLite has none."""

raise ImportError("psycopg is not installed on a counter of its own")
