"""A program that brings a database up to date, and dies at one of its statements."""

KILLED = """
import os, signal, sys
from pathlib import Path
from peewee import Database
from pos_tui.store import database
left = int(sys.argv[2])
execute = Database.execute_sql

def counted(self, *args, **kwargs):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(self, *args, **kwargs)

Database.execute_sql = counted
if len(sys.argv) > 3:
    database.MIGRATIONS = Path(sys.argv[3])
database.open_store(sys.argv[1]).close()
"""
"""Its words: the address, the number of the statement, and a folder of migrations in place of ours."""
