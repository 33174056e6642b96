"""What runs behind the wall: loaded by its path, never imported by the process that grades."""
