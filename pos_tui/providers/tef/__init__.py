"""TEF by file exchange (INTPOS): card payments through a manager program on the same machine."""
