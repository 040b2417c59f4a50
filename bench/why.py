"""Why a row misses its goal: what a profile showed."""

_LIST = """
of about 290 µs, 75 are the rows themselves; 60 ask of each sale whether items, a recurring payment or an
unfinished payment hang on it, which the yardstick does not ask; 64 read the top-ups and put them into
words; 33 make the fifty lines; the rest is entering and leaving the store.
"""
_FIXED = """
half of it is fixed: a reading costs 3 µs to enter and each statement 5 µs through peewee's cursor, which
keeps a connection for each thread and tells errors apart.
"""
_MEMORY = """
a blank app's pages are shared with whatever else runs Python on the measuring machine, the till's own are
not. Measured by itself, beside Textual's 18 MB: httpx with its certificates 15 MB, what the till imports 15
MB, peewee 6 MB, and 12 MB more where psycopg is installed, which peewee then imports: a counter on SQLite
has none. The connections of its threads hold at most 2 MB of cache each.
"""
_PHONE = """
document and phone are both looked through, since either may be typed; 20 µs put thirty rows into customers,
in the order of their names.
"""
_FIRST = """
the till composes the tab and reads a page from the disk when it is first shown, on a thread of its own; the
yardstick has both its tabs in memory from the start.
"""
_IDLE = """
Measured on a machine with twenty programs to each processor, where the quick check of the whole file, behind
the first paint, was not proved to be over. With an empty database the same till used 0.1 to 0.2 %.
"""
_COMMIT = """
Both make one fsync. The till runs 29 statements where the yardstick runs ten: it reads the sale anew with all
that hangs on it before it decides and after it is saved, and the end of the journal's chain for each line. A
third of its processor time lays out two papers and writes them down as JSON.
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
    told = _MEMORY if what.startswith("memory") else _WHY.get(what, "not looked into yet.")
    return " ".join(told.split())
