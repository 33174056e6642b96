"""A notebook in a room, judged: here, in another process, or on another machine."""
