"""What the course says to a student: every sentence stands here, whole, with named gaps.

A sentence is filled in with `str.format`. None of them shows a formula that an exercise asks for,
and those about hidden cases hold no expected number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from course.kinds import VerdictKind


class Lead(str):
    """A question that leads on, with its name in this module, which it keeps when it is filled in.

    What is found in values is compared and counted by that name, never by the words.
    """

    name: str

    def __new__(cls, name: str, text: str) -> Lead:
        """Make a question; its gaps are filled by `format`, as those of any sentence."""
        made = super().__new__(cls, text)
        made.name = name
        return made

    def format(self, *args: object, **gaps: object) -> Lead:
        """Fill the gaps as `str.format` does."""
        return Lead(self.name, super().format(*args, **gaps))


# Nothing is asked.
NO_LEAD = Lead("", "")


def all_of(texts: Iterable[str]) -> str:
    """Return texts as they are listed in a sentence that means all of them, "a, b and c"."""
    *others, last = texts
    return ALL_OF.format(others=", ".join(others), last=last) if others else last


def any_of(texts: Iterable[str]) -> str:
    """Return texts as they are listed in a sentence that lets one choose, "a or b or c"."""
    return OR.join(texts)


ALL_OF = "{others} and {last}"
OR = " or "

# ------------------------------------------------------------------------- the visible check

PASSED = "✓ {call} gives {expected}"
NO_FUNCTION = (
    "check needs a function and got {value}. Was the name given another value, as in f = f(x)? "
    "Then run the cell that defines it again. In a check of your own, pass the function's name "
    "without parentheses."
)
NAME_MISSING = (
    "○ There is no {name} yet: run the cell that defines it, and see whether it says something. Is "
    "the name spelt as in the check?"
)
UNASKED = "{call}: what should it give? Go on with .gives(...)"
NOT_ATTEMPTED = "{name} is not attempted yet: replace its last line with your own."
METHOD_NOT_WRITTEN = "The method {method} of {name} is not written yet."
LEFTOVER_RAISE = (
    "{name} comes to the line `raise NotImplementedError()` that was there at the beginning: "
    "take it out, so that your own lines have the last word."
)
BEGIN_THERE = "It calls your `{other}`, whose check does not pass yet: begin there.\n  {said}"
CALLS_UNWRITTEN = "{name} calls {other}, which is not written yet: write {other} first."
TOO_SLOW = (
    "{call} was stopped after {seconds:g} seconds of computing. Does a loop never end, or run "
    "much longer than it needs to?"
)
RAISED = "{call} raised {error}"
RAISED_AT = "{call} raised {error}\n  in {function}, in the line: {line}"
CHANGED_ARGUMENT = (
    "{call} changed the array it was given. What happens to the caller's data? Work on a copy, "
    "for example x.copy()."
)
VALUE_OFF = "{call} should give {expected}, yours gives {found}."
PART_OFF = "{part} should be {expected}, yours is {found}."
LARGE_PART_OFF = "{part} is not there yet: {difference}."
ENTRY_OFF = "Entry {entry} should be {expected}, yours is {found}."
FORM_OFF = "{call} is not there yet: {difference}."
SOME_PARTS_OFF = "{call} is not there yet."
PARTS_RIGHT = "Right are {parts}."
PART_RIGHT = "Right is {parts}."

# ------------------------------------------------------------------- what differs, in a value

# Each is a clause that can stand alone behind a colon.
IS_NONE = "it is None"
IS_TEXT = "it is {value}"
NOT_NUMBERS = "it is {kind}, not numbers"
KIND_EXPECTED = "{expected} was expected, not {found}"
COUNT_EXPECTED = "{expected} values were expected, not {found}"
KEY_MISSING = "the key {key} is not in the dict, whose keys are {keys}"
SHAPE_EXPECTED = "it has shape {found}; shape {expected} was expected"
NUMBER_EXPECTED = "it has shape {found}; one number, shape (), was expected"
NOT_FINITE_NUMBER = "it is {value}"
NOT_FINITE_ENTRY = "entry {entry} is {value}"
VALUE_IS_OFF = "the value is off"
ENTRY_IS_OFF = "1 of {size} entries is off"
ENTRIES_ARE_OFF = "{count} of {size} entries are off"
# The same as sentences, of an array whose numbers stand before them.
ONE_ENTRY_IS_OFF = "1 of {size} entries is off."
SOME_ENTRIES_ARE_OFF = "{count} of {size} entries are off."
ENTRY_NOT_FINITE = "Entry {entry} is {value}."

# ------------------------------------------------------------------------------ kinds of things

# Things with their article, by the names of their types.
KINDS = {
    "bool": "a bool",
    "bytes": "a bytes",
    "complex": "a complex",
    "dict": "a dict",
    "Dual": "a Dual",
    "float": "a float",
    "float32": "a float32",
    "float64": "a float64",
    "function": "a function",
    "generator": "a generator",
    "int": "an int",
    "int64": "an int64",
    "list": "a list",
    "map": "a map",
    "method": "a method",
    "ndarray": "an array",
    "NoneType": "None",
    "Parameter": "a Parameter",
    "range": "a range",
    "Series": "a Series",
    "set": "a set",
    "str": "a str",
    "Tensor": "a Tensor",
    "tuple": "a tuple",
    "type": "a type",
    "Value": "a Value",
    "zip": "a zip",
}
OTHER_KIND = "a value of type {kind}"
ARRAY = "an array of shape {shape}"
COUNTED = {
    "dict": "a dict of {count}",
    "list": "a list of {count}",
    "tuple": "a tuple of {count}",
    "str": "a text of {count} characters",
}
A_FUNCTION = "a function"
YOUR_FUNCTION, YOUR_EXPRESSION = "your function", "your expression"
TIMES = {2: "twice", 3: "three times", 4: "four times"}
MORE_TIMES = "{count} times"


def kind_of(name: str) -> str:
    """Return what something is, with its article, "an int", by the name of its type."""
    return KINDS.get(name) or OTHER_KIND.format(kind=name)


def count_of(kind: type, count: int) -> str:
    """Return how many things something of a kind in COUNTED, or of one below it, holds."""
    known = next(one.__name__ for one in kind.__mro__ if one.__name__ in COUNTED)
    return COUNTED[known].format(count=count)


def times(count: int) -> str:
    """Return how often something happens, at least twice."""
    return TIMES.get(count) or MORE_TIMES.format(count=count)


# --------------------------------------------------------------- symptoms, each with a question

NO_RETURN = Lead("NO_RETURN", "Is a `return` missing?")
NO_RETURN_ON_THIS_WAY = Lead(
    "NO_RETURN_ON_THIS_WAY",
    "It has a `return`, but these arguments never reach it: which way do they take?",
)
LISTED_KEYS = Lead("LISTED_KEYS", "Are the keys called as the exercise calls them?")
EXTRA_AXIS = Lead("EXTRA_AXIS", "There is an axis of length 1 too many: which step keeps it?")
SHAPE_TRANSPOSED = Lead(
    "SHAPE_TRANSPOSED", "Rows and columns look exchanged: is one transpose too many or too few?"
)
OTHER_AXIS = Lead(
    "OTHER_AXIS", "Its shape is that of a step along another axis: along which one should it go?"
)
TERMS_RIGHT = Lead("TERMS_RIGHT", "The terms are right: are they to be added up?")
ASKED_OTHERWISE = Lead(
    "ASKED_OTHERWISE",
    "Something else is asked for here: what does the exercise say about such a case?",
)
PER_ITEM = Lead(
    "PER_ITEM",
    "One value for each of the {count} items came back, where fewer or more were asked for: to "
    "what does each of them belong?",
)
YES_OR_NO = Lead(
    "YES_OR_NO", "One 0 or 1 for each of {count} is asked for: do yours say where the ones are?"
)
ONE_NUMBER = Lead(
    "ONE_NUMBER",
    "One number came back where more are asked for: which step makes one of them, and should it?",
)
NOT_ADDED_UP = Lead(
    "NOT_ADDED_UP", "More than one number came back: which step should make one of them?"
)
SHAPE_UNKNOWN = Lead(
    "SHAPE_UNKNOWN", "Write the shape of every step beside its line: where do the two part?"
)
WHY_NAN = Lead(
    "WHY_NAN",
    "nan is what 0/0, 0 times infinity, infinity minus infinity and the logarithm of a negative "
    "number give: which of them happens here?",
)
WHY_INF = Lead(
    "WHY_INF",
    "Infinity comes from the logarithm of 0, a division by 0 or the exponential of a large "
    "number: which of them happens here?",
)
IS_ZERO = Lead("IS_ZERO", "It is 0: which of your steps makes it so?")
ALL_ZERO = Lead("ALL_ZERO", "Every entry is 0: which factor is 0, or was nothing ever filled in?")
SINGLE_PRECISION = Lead(
    "SINGLE_PRECISION",
    "Your numbers are numbers of single precision: where on the way does float64 become float32?",
)
ROUNDED = Lead(
    "ROUNDED",
    "Your numbers have no more than {decimals} decimals: is something rounded on the way?",
)
FEW_DIGITS = Lead(
    "FEW_DIGITS",
    "It agrees to about {digits} digits: is something added, cut off, rounded or approximated on "
    "the way?",
)
SMALL_DIFFERENCE = Lead(
    "SMALL_DIFFERENCE",
    "It agrees to about {digits} digits: is something added, cut off or rounded on the way, or is "
    "one small step another than asked for?",
)
CUT_OFF = Lead("CUT_OFF", "Your numbers stop at {bound}: is something cut off there?")
CUT_AT_ZERO = Lead(
    "CUT_AT_ZERO",
    "Some of your entries are 0 and should not be: are they cut off there, or left out?",
)
SIGN = Lead("SIGN", "Only the sign is off.")
SIGNS = Lead("SIGNS", "The sizes are right, but not every sign: which terms count the other way?")
COMPLEMENT = Lead(
    "COMPLEMENT", "One minus yours would be right: is the other part of the whole asked for?"
)
CHANGE_OF_BASE = Lead(
    "CHANGE_OF_BASE", "It differs by a change of base: which base has the logarithm here?"
)
LENGTH_TOO_LARGE = Lead(
    "LENGTH_TOO_LARGE",
    "It is {length} times too large, and {length} is a length here: sum or mean?",
)
LENGTH_TOO_SMALL = Lead(
    "LENGTH_TOO_SMALL",
    "It is {length} times too small, and {length} is a length here: sum or mean?",
)
HUNDREDFOLD = Lead(
    "HUNDREDFOLD",
    "It is 100 times too large: is it in percent, or a sum where a mean is asked for?",
)
TWICE = Lead(
    "TWICE",
    "It is twice what it should be: is a factor 2 too many, is something counted twice, or is a "
    "division missing?",
)
HALF = Lead(
    "HALF",
    "It is half of what it should be: is a factor 2 missing, or one of two equal parts, or is "
    "something divided by 2?",
)
TWICE_OF_TWO = Lead(
    "TWICE_OF_TWO",
    "It is twice what it should be, and 2 is a length here, too: is it a sum for a mean, is "
    "something counted twice, or is a factor 2 too many?",
)
HALF_OF_TWO = Lead(
    "HALF_OF_TWO",
    "It is half of what it should be, and 2 is a length here, too: is it a mean for a sum, is "
    "something divided by 2, or is a factor 2 missing?",
)
TRANSPOSED = Lead("TRANSPOSED", "It looks transposed: which index belongs to the rows?")
DIAGONAL_RIGHT = Lead("DIAGONAL_RIGHT", "The diagonal is right; what belongs beside it?")
DIAGONAL_OFF = Lead(
    "DIAGONAL_OFF", "Only the diagonal is off: what is special about equal indices?"
)
REVERSED = Lead(
    "REVERSED", "Read backwards, yours would be right: is an order turned somewhere, or a sign?"
)
OTHER_ORDER = Lead(
    "OTHER_ORDER", "The numbers are the right ones, in another order: which belongs where?"
)
ONES_ELSEWHERE = Lead(
    "ONES_ELSEWHERE", "As many entries are 1 as should be, in other places: which belong there?"
)
PARTS_EXCHANGED = Lead(
    "PARTS_EXCHANGED",
    "The values that come back would be right in another order: in which one are they asked for?",
)
UNCHANGED_ARGUMENT = Lead(
    "UNCHANGED_ARGUMENT",
    "What comes back is an argument as it was given: what should become of it?",
)
SAME_EVERYWHERE = Lead(
    "SAME_EVERYWHERE", "Every entry is the same number: should the entries not differ?"
)
FIRST_FILLED = Lead(
    "FIRST_FILLED", "The first {count} of {size} are right and the rest is 0: what makes those 0?"
)
SOME_ROWS = Lead("SOME_ROWS", "Only row {rows} is right: what do the other rows do differently?")
FACTOR = Lead(
    "FACTOR", "Every entry is {factor} times what it should be: where does that factor come from?"
)
OFFSET = Lead("OFFSET", "Every entry is off by the same amount: what was added or left out?")
ONLY_ENTRY = Lead("ONLY_ENTRY", "Only entry {entry} differs: what is special about it?")

# What is said of the size of single numbers, which may agree by chance, by its name.
FACTORS = ("TWICE", "HALF", "TWICE_OF_TWO", "HALF_OF_TWO")
# Those that name a reason, where others only say what is seen: each is true of some mistakes alone.
REASONS = (
    "CHANGE_OF_BASE",
    "SIGN",
    "SIGNS",
    "COMPLEMENT",
    "LENGTH_TOO_LARGE",
    "LENGTH_TOO_SMALL",
    "HUNDREDFOLD",
    "TWICE",
    "HALF",
    "TWICE_OF_TWO",
    "HALF_OF_TWO",
    "SINGLE_PRECISION",
    "ROUNDED",
    "FEW_DIGITS",
    "SMALL_DIFFERENCE",
    "CUT_OFF",
    "CUT_AT_ZERO",
    "TRANSPOSED",
    "SHAPE_TRANSPOSED",
    "REVERSED",
    "OTHER_ORDER",
    "PARTS_EXCHANGED",
    "OTHER_AXIS",
    "TERMS_RIGHT",
    "DIAGONAL_RIGHT",
    "DIAGONAL_OFF",
)

# -------------------------------------------------------------------- crashes, with a question

# The class of the exception, what its message says, and what is asked. The first that fits counts.
_CRASHES = (
    (
        "AttributeError",
        r"'NoneType' object has no attribute '(numpy|detach|clone|item|shape|mul|zero_)'",
        "A gradient is None until `backward` has run, and stays None for what is no leaf and was "
        "not asked to keep it: which of the two is it here?",
    ),
    (
        "RuntimeError",
        r"leaf [Vv]ariable that requires grad",
        "PyTorch watches this leaf, so it may not change in place: in which block does PyTorch "
        "look away?",
    ),
    (
        "RuntimeError|TypeError",
        r"Boolean value of Tensor with more than one value",
        "One question is asked of a whole tensor. Does an `if` or `max` ask it, or is a loss "
        "class built with the tensors, where it is to be built first and called then?",
    ),
    (
        "ValueError|TypeError",
        r"truth value of an array|Boolean value of",
        "An `if`, `and`, `max` or `min` asks one question of a whole array: what asks it entry "
        "by entry?",
    ),
    (
        "TypeError|ValueError|RuntimeError",
        r"only (length-1|0-dimensional|one element|integer scalar)|a Tensor with \d+ elements "
        r"cannot be converted|can only convert an array of size 1",
        "A function for one number was given a whole array: which function of the library takes "
        "arrays?",
    ),
    (
        "ValueError|RuntimeError|IndexError",
        r"matmul|not aligned|could not be broadcast|cannot be multiplied|must match the size|"
        r"size mismatch|dimensions? .*must match|inconsistent tensor size",
        "Print the shapes of the two that meet in this line: which of their axes have to agree?",
    ),
    (
        "AxisError|IndexError",
        r"axis \d+ is out of bounds|Dimension out of range|out of bounds for array of dimension",
        "A single example is a vector, with one axis only: which axis is the last one in every "
        "case?",
    ),
    (
        "IndexError",
        r"must be of integer|only integers|valid indices",
        "Only whole numbers can say which entry is meant: are these labels of another kind?",
    ),
    (
        "IndexError",
        r"out of (bounds|range)",
        "How many entries are there, and with which number does counting begin?",
    ),
    (
        "TypeError",
        r"object is not callable",
        "Something is called that is no function: was a name overwritten by its own result, as "
        "in f = f(x), or is an operator missing before a bracket?",
    ),
    (
        "TypeError|AttributeError",
        r"NoneType",
        "Something is None here: which of your functions comes back without a `return`, or which "
        "method works in place?",
    ),
    (
        "RuntimeError",
        r"does not require grad",
        "From the leaves to the loss every step has to be watched: where was the graph cut, by a "
        "copy, by detach, or by NumPy?",
    ),
    (
        "RuntimeError",
        r"Can't call numpy\(\) on",
        "This tensor still belongs to a graph: how is its value taken out of it?",
    ),
    (
        "RuntimeError",
        r"backward through the graph a second time",
        "The graph is used up by one `backward`: is the loss computed anew in every step?",
    ),
    (
        "RuntimeError",
        r"[Ee]xpected .*(Float|Double|dtype|scalar type)|Found dtype|same dtype",
        "Two tensors of different precision meet: which of them is not float64, and where was it "
        "made?",
    ),
    (
        "TypeError",
        r"save_for_backward can only save",
        "Only tensors can be saved that way: where on ctx can a plain number be kept?",
    ),
    (
        "RuntimeError",
        r"different than None at position|incorrect number of gradients",
        "Each input of forward gets one answer from backward: which of them has a gradient, and "
        "what is returned for the others?",
    ),
    (
        "TypeError",
        r"positional argument|keyword argument|multiple values for argument",
        "Which arguments, in which order, stand in the first line of the exercise, and which in "
        "yours?",
    ),
    (
        "ValueError|ZeroDivisionError|OverflowError|FloatingPointError",
        r"math (domain|range) error|expected a positive input|division|too large|out of range",
        "What does the exercise ask for at 0, and for very large numbers? Python's own functions "
        "stop there where NumPy's go on.",
    ),
    (
        "NameError|UnboundLocalError",
        r"",
        "Where does this name get its value: is it misspelt, defined in another cell, or further "
        "down?",
    ),
    (
        "KeyError",
        r"",
        "Which keys does that dict have? Print them beside the one that is asked for.",
    ),
    (
        "RecursionError",
        r"",
        "A function calls itself: what ends that?",
    ),
    (
        "ModuleNotFoundError|ImportError",
        r"",
        "Is that library one of those that the course uses?",
    ),
    (
        "AttributeError",
        r"module '[\w.]+' has no attribute",
        "The library calls it otherwise: what does its documentation say?",
    ),
    (
        "TypeError",
        r"list indices|'list' and|can only concatenate|can't multiply sequence|"
        r"unsupported operand|bad operand|not supported between",
        "The two sides of this operation are not what they should be: print the type of each. "
        "Is one of them a list, a text or None?",
    ),
    (
        "TypeError",
        r"must be Tensor|expected .*Tensor|expected np.ndarray|must be real number",
        "Which library does this function belong to, and to which the value it is given?",
    ),
    (
        "ValueError",
        r"inhomogeneous|setting an array element with a sequence",
        "Rows of different lengths make no array: which of them is longer than the others?",
    ),
    (
        "AttributeError",
        r"'(list|tuple|int|float|str|dict)' object has no attribute|has no attribute",
        "What kind of thing stands before the dot? Print its type.",
    ),
    (
        "",
        r"",
        "Call it yourself with such arguments: in the line that stops, what does each name hold?",
    ),
)
_COMPILED = tuple(
    (re.compile(rf"(?:{kinds})\Z" if kinds else ""), re.compile(text), asked)
    for kinds, text, asked in _CRASHES
)


def ask_about_crash(error: str, text: str) -> str:
    """Return the question that leads on after an exception of class `error` with the message
    `text`."""
    return next(
        asked for kinds, said, asked in _COMPILED if kinds.match(error) and said.search(text)
    )


# ----------------------------------------------------------------------------------- hints

HINT = "hint {stage} of {stages}: {text}"
LAST_HINT = "hint {stage} of {stages}, the last one: {text}"
NO_EXERCISE = 'There is no exercise "{name}".'
NO_EXERCISE_BUT = 'There is no exercise "{name}". Did you mean "{near}"?'
WHICH_NOTEBOOK = "More than one notebook has an exercise {name}: ask for {choices}."
EXERCISES_OF = "{notebook}: {exercises}"
HOW_TO_ASK = 'Ask for a hint with the name of an exercise, as in hint("{name}").'
HINT_KEPT_NOT = "How many hints you have seen is not kept: {why}."

# ------------------------------------------------------------------- the verdict, and progress

TITLES: dict[str, str] = {
    VerdictKind.NOT_ATTEMPTED: "not attempted",
    VerdictKind.CRASHED: "crashed",
    VerdictKind.TIMED_OUT: "timed out",
    VerdictKind.SHORTCUT: "shortcut",
    VerdictKind.WRONG_TYPE: "wrong type",
    VerdictKind.WRONG_SHAPE: "wrong shape",
    VerdictKind.NOT_FINITE: "not finite",
    VerdictKind.RIGHT: "right",
    VerdictKind.KNOWN_MISTAKE: "known mistake",
    VerdictKind.WRONG: "wrong",
}
MARKS: dict[str, str] = {VerdictKind.RIGHT: "✓", VerdictKind.NOT_ATTEMPTED: "○"}
OTHER_MARK = "✗"
WRITTEN_MARK = "…"


def title(verdict: str) -> str:
    """Return how people see a verdict; one that only another version knows, as it stands."""
    return TITLES.get(verdict, verdict)


def mark(verdict: str) -> str:
    """Return the sign before a verdict: whether it is right, not attempted, or neither."""
    return MARKS.get(verdict, OTHER_MARK)


VERDICT = "{mark} {name}: {verdict}, {points} of {most} points"
ANSWERED = "… {question}: written, and for a person to read; {points} points"
UNANSWERED = "○ {question}: nothing is written yet; {points} points"
SCORE = "{score} of {most} points that the hidden checks give."
NOT_IN_NOTEBOOK = "There is no {name} in this notebook. It has {names}."
JUDGED = "Judged: the notebook as it was saved at {saved}, run from the top."
JUDGED_WITH_CELL = (
    "Judged: the notebook as it was saved at {saved}, with the one cell that you ran since, run "
    "from the top."
)
JUDGED_WITH_CELLS = (
    "Judged: the notebook as it was saved at {saved}, with the {count} cells that you ran since, "
    "run from the top."
)
JUDGED_FILE = (
    "Judged: the file {file} as it was saved at {saved}, run from the top. What you have changed "
    "since is not in it: save, and ask again."
)
NEW_CELLS = (
    "New cells that you ran are not in the file yet and were not judged: save the notebook "
    "(Ctrl+S), and ask again."
)
UNKEPT = "Your progress is not kept: {why}."
NO_JUDGE = (
    "The hidden checks are not installed here. In a class, hand in, and the feedback has the "
    "verdicts. Learning alone, install the whole course, as its README says: it brings the "
    "command that judges."
)
NO_VERDICTS = (
    "Progress is counted by the verdicts of the hidden checks, which are not installed here. The "
    "check below each answer says whether it passes."
)
NO_FILE = (
    "Which file this notebook is saved in cannot be told here: start Jupyter in its folder, or "
    "check it in a terminal with the command that judges."
)
JUDGE_ENDED = "The judge has ended before it was done, perhaps for want of memory: ask again."
SOLUTION_OPEN = (
    'You have tried it in several ways: `from course import solution`, and solution("{name}") '
    "shows how it can be done."
)
PROGRESS_DONE = "{title}  {marks}  {points} of {most} points, done"
PROGRESS_MINUTES = "{title}  {marks}  {points} of {most} points, {minutes} minutes of writing left"
PROGRESS_HOURS = "{title}  {marks}  {points} of {most} points, about {hours} hours of writing left"
STILL_OPEN = "open: {names}"
JUDGED_OPEN = "{name} ({verdict})"
PROGRESS_OF_ALL = "{points} of {most} points in all notebooks."
MARKS_MEAN = "✓ right   ✗ judged, and not right yet   … written, for a person   ○ not yet"
NEXT = "Next: {name} in {title}, about {minutes} minutes."
NEXT_TO_MEND = "Next: {name} in {title}, which is not right yet. {said}"
ALL_DONE = "All of it is done."

# ------------------------- functions between a check and a student's: arguments, parts, problems

NOT_WRITTEN = "○ {name} is not written yet."
THE_FUNCTION, A_FUNCTION_F = "the {name}", "a function f"
THE_ACTIVATION, THE_SLOPE = "the activation {name}", "the slope of {name}"
GRADIENT_OF_A_BOWL = "the gradient of a bowl"
GRADIENT, CHANGE_LEFT = "the gradient", "the change that is left on theta"
VALUE, GRADIENT_BY_FIRST = "the value", "the gradient by the first argument"
GRADIENT_BY_A, GRADIENT_BY_WEIGHTS = "the gradient by a", "the gradient by weights"
FLOAT64_EXPECTED = "a tensor of float64 was expected, and one of {dtype} came back"
TENSOR_EXPECTED = "a tensor was expected, and {kind} came back"
NO_OWN_BACKWARD = "the class has a forward, and no backward of its own"
OWN_APPLY = "the class has an apply of its own, which never calls its backward"
NO_GRADIENT = "with leaves in params, no gradient comes back to {name}"
GRADCHECK_DISAGREES = "○ gradcheck does not agree with {name}: {found}."
GRADCHECK_AGREES = "gradcheck agrees: {name} and its backward belong together."
ENDS_OTHERWISE = "a program ends with an expression, and this one does not: {program}"
ASSIGNS_NO_NAME = "a program assigns names, and this line does not: {program}"
LEAVES_THE_CLASS = "the program gives {found} and no {kind}: which operation leaves the class?"
ONE_PASS = "seed 1 at {name:3}  value {value:>8}   derivative by {name:3} {tangent:>8}"
AS_MANY_PASSES = "{count} inputs, {count} passes; the value was computed in each of them."
TOO_MANY_PATHS = "○ {program} has more than {most} paths."
ALONG_PATHS = "{name}.grad is {gradient}; along its paths: {along}"
ALONG_NO_PATH = "{name}.grad is {gradient}; along its paths: no path"
LEAD_BACK = "parents lead back to {names}"
LEAD_NOWHERE = "parents lead back to no leaf"
EVERY_PATH = "every path arrived"
ONE_USE_ARRIVED = "{name} is used {times}: only as much as one use brings arrived"
OTHER_SUM_ARRIVED = "{name} is used {times}: what arrived is not the sum of what the uses bring"
