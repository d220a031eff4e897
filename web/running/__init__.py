"""Getting ready and staying alive: the steps before the console is served, and who restarts what."""
