"""One thin driver per method that asks the outside: what the payments service says, in an adapter's words."""
