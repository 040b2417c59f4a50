"""Statement files as acquirers write them, from the published positions (`positions.json`).

Independent of the readers: every field stands in full, by the acquirer's own name of it, where their document
puts it. Nothing here is shared with `pos_tui/providers/statements`.
"""
