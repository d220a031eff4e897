"""The interview room: what is said, what it was, what to say next. Everything is a row before it is shown."""
