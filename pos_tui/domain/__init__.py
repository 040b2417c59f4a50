"""The rules of the counter: pure, without clock, network, files or screen."""
