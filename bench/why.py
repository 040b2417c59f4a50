"""Why a row misses its goal: what a profile showed."""

_LIST = """
of about 220 µs, 80 are the rows themselves; 35 ask whether items, an unfinished payment or one that went back
hang on each sale, and whether an OS waits, which the yardstick does not ask; 55 read the top-ups and put them
into words; 17 make the fifty lines; 9 look up what was given back where a top-up came to nothing.
"""
_FIXED = """
two thirds are the statements; half a µs goes to enter a reading, and half a µs to each statement beside what
sqlite3 takes: each thread has a connection of its own, and errors are told apart.
"""
_MEMORY = """
by the growth of its own pages at each import, beside the blank app: what the till itself imports 9 MB, httpx
with all that it brings 4 MB, peewee 2 MB; its threads' connections to the database hold at most half a MB of
cache each and what SQLite knows of the tables. It is measured without psycopg, which a counter on SQLite has
not.
"""
_FLAT = """
not explained by a profile. In a run of its own, not at rest, 10 sales stood at 50.5 MB, 100 at 52.5 and 500
at 52.8. Each thread's connection keeps up to 128 statements prepared and half a MB of pages, which fill as it
works. Whether the growth ends was not measured beyond 1 000 sales.
"""
_PHONE = """
document and phone are both looked through, since either may be typed, which costs a quarter more; 15 µs put
thirty rows into customers, in the order of their names.
"""
_FIRST = """
the till composes the tab and reads a page from the disk when it is first shown, on a thread of its own; the
yardstick has both its tabs in memory from the start.
"""
_IDLE = """
two thirds are the thread that waits for keys, which looks ten times a second whether the program ends.
"""
_COMMIT = """
Both make one fsync. The till reads once what it decides upon, eight statements that the yardstick needs none
of: the sale with top-ups, payments and items, its two counters, the shift, the end of the journal's chain.
It writes what the yardstick writes, and one counter more. The rest is its rules, two papers laid out and
written as JSON, and three lines hashed. The quicker the disk, the more of the ratio is the processor's.
"""
_WHY = {
    "processor, idle": _IDLE,
    "commit of a sale": _COMMIT,
    "commit of a sale (sale, payment, journal, drawer, spool), median": _COMMIT,
    "the list, the pendings, a customer by name and by CPF": _LIST,
    "open the sale list": _LIST,
    "filter by seller": _LIST,
    "next page, in the middle of the year": _LIST,
    "find 40 pendings": _LIST,
    "find a sale by its number": _FIXED,
    "customer by CPF": _FIXED,
    "customer by the beginning of a phone": _PHONE,
    "open the tab Lista de vendas, the first time": _FIRST,
}


def why(what: str) -> str:
    """Return a sentence for a row."""
    memory = _FLAT if what.endswith("beside after 10") else _MEMORY
    told = memory if what.startswith("memory") else _WHY.get(what, "not looked into yet.")
    return " ".join(told.split())
