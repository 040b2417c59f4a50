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
beside the blank app, by what Python and its C library say they hold: 8 MB more in small objects, 5 MB more
in the heap of the C library, 1 MB of it free, and half a MB of SQLite's and msgspec's libraries. Told by who
asks for it: the till's own code 6.4 MB, of it every desk that a key must not wait for; peewee and the tables'
models 2.7 MB; httpcore with what it brings 1.1 MB; XML, time zones, TOML and msgspec 0.9 MB; 0.15 MB for each
connection that only looks whether anything is due. The goal leaves 7 MB for all of these. Threads share one
heap, which takes 1.5 MB less once sales were made; the rest of what was tried (annotations as texts, trimming
the heap, closing connections between two looks) gave less than 0.1 MB. It is measured without psycopg, which
a counter on SQLite has not.
"""
_FLAT = """
what grows ends: from 200 sales to 1 000 the process's own pages grew by 0.3 MB. Each of three connections
keeps up to 128 statements and half a MB of pages; half the pages would save 0.3 MB. The list holds a page of
lines. The widths of texts that Rich keeps, one MB, are let go at each sale.
"""
_PHONE = """
document and phone are both looked through, since either may be typed, which costs a quarter more; 15 µs put
thirty rows into customers, in the order of their names.
"""
_FIRST = """
the till composes the tab and reads its rows when it is first shown; the yardstick has both its tabs in memory
from the start. Of 11 ms of processor, where all was run before, 4 compose and read, 1 says how things stand,
5 lay out and paint; what runs for the first time after a rest takes three times as long, on both sides.
"""
_IDLE = """
once a minute it looks for what is due, and once a second while a reserve runs out.
"""
_COMMIT = """
Both make one fsync. The till reads once what it decides upon, seven statements that the yardstick needs none
of: the sale with what hangs on it, its two counters, the shift, the end of the journal's chain.
It writes what the yardstick writes, and one counter more. Of 1.66 million instructions 0.67 are in sqlite3,
0.04 write JSON and 0.02 hash; the rest is Python: reading the sale, its rules, two papers laid out, three
lines of the journal. The quicker the disk, the more of the ratio is the processor's.
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
