"""A class from its first day: its folder made, and what waits for its teacher."""
