"""The monitor room: a colleague follows an interview as it is held, and may suggest one thing in a break."""
