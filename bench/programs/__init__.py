"""The programs that are measured against, and the frames the till is measured in."""
