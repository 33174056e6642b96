"""What the sandbox says to a student of cells and calls: every sentence whole, with named gaps.

What is said inside a room stands with those who say it there, as a room can read no other file of
ours: `NotPlain` has its sentences at the top of `wire.py`, the shell at the top of
`inside/shell.py`.
"""

CELL_ENDED = "The process ended in this cell."
CELL_NOT_RUN = "This cell was not run: the notebook's time was used up before it."
OWN_CELL_NOT_RUN = "This cell was not run: the time for cells of your own was used up before."
CELL_STOPPED = "This cell was stopped: the notebook's time was used up."
OWN_CELL_STOPPED = "This cell was stopped: the time for cells of your own was used up."
CELL_SLEPT = "This cell was stopped after {seconds:g} s, in which it hardly computed."
CELL_COMPUTED = "This cell was stopped after {seconds:g} s of computing."

CALL_ENDED = "The process ended during the call."
CALL_NOT_MADE = "The notebook's time was used up."
CALL_SLEPT = "The call was stopped after {seconds:g} s of waiting."
CALL_COMPUTED = "The call was stopped after {seconds:g} s of computing."

OUTPUT_CUT = "[The output is cut off here: it is longer than {limit:,}.]\n"
