"""Statements of acquirers: readers that stream a file record by record, and the remessa's writer."""
