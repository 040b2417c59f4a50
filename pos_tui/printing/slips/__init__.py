"""Every paper the till prints: what it needs, as plain data, and the receipt made of it."""
