"""A rule for what being late costs: when it is another, and when it is the same."""

import ast

import pytest

from autograder.course_folder import CONFIG, CourseFolder
from autograder.grading import late_penalty
from autograder.grading.late_penalty import penalty_rule
from autograder.source_text import meaning

RULE = """\
from nbgrader.plugins import BasePlugin
PER_DAY = 1.0
def days(seconds):
    return seconds / 86400
class Late(BasePlugin):
    def late_submission_penalty(self, student, score, seconds):
        return self.cost(days(seconds))
    def cost(self, days):
        return PER_DAY * days
c = get_config()
c.AssignLatePenalties.plugin_class = Late
"""
SAME = {
    "a comment": ("return seconds", "# In days.\n    return seconds"),
    "a docstring": ("    def cost(self, days):\n", '    def cost(self, days):\n        "Dear."\n'),
    "lines above": ("PER_DAY =", "OTHER = 3\n\n\nPER_DAY ="),
    "a line break": ("return PER_DAY * days", "return (PER_DAY *\n            days)"),
}
OTHER = {
    "the rule itself": ("(days(seconds))", "(days(seconds)) + 1"),
    "a method": ("PER_DAY * days", "PER_DAY * days ** 2"),
    "a function beside it": ("seconds / 86400", "seconds / 3600"),
    "a number beside it": ("PER_DAY = 1.0", "PER_DAY = 2.0"),
    "a setting": ("plugin_class = Late\n", "plugin_class = Late\nc.Late.strict = True\n"),
}


@pytest.fixture
def rule(tmp_path):
    """What the rule in some settings is, compared with the settings of RULE."""

    def read(text):
        (tmp_path / CONFIG).write_text(text)
        return penalty_rule(CourseFolder(tmp_path).config)

    return read


@pytest.mark.parametrize("change", SAME)
def test_a_rule_that_costs_the_same_is_the_same(rule, change):
    text = RULE.replace(*SAME[change])
    assert text != RULE and rule(text) == rule(RULE)


@pytest.mark.parametrize("change", OTHER)
def test_a_rule_that_costs_something_else_is_another(rule, change):
    text = RULE.replace(*OTHER[change])
    assert text != RULE and rule(text) != rule(RULE)


def test_the_same_rule_compiled_otherwise_is_the_same(rule, monkeypatch):
    """As by another version of Python, whose bytecode is another."""
    before = rule(RULE)
    own = late_penalty._compiled
    monkeypatch.setattr(late_penalty, "_compiled", lambda code: f"other {own(code)}")
    assert rule(RULE) == before


def test_a_rule_whose_file_changed_since_it_was_read_is_what_runs(tmp_path):
    (tmp_path / CONFIG).write_text(RULE)
    config = CourseFolder(tmp_path).config
    runs = config.AssignLatePenalties.plugin_class.cost.__code__
    assert late_penalty._source(runs)
    (tmp_path / CONFIG).write_text(RULE.replace("PER_DAY * days", "3 * PER_DAY * days"))
    assert late_penalty._source(runs) == ""
    (tmp_path / CONFIG).unlink()
    assert "('PER_DAY',) ['None']" in penalty_rule(config)


def test_a_rule_without_source_is_still_compared():
    rules = []
    for cost in (1, 2):
        space = {}
        exec(f"def late_submission_penalty(self, student, score, seconds): return {cost}", space)
        said = {}
        late_penalty._read(object, "cost", space["late_submission_penalty"], said)
        rules.append(said)
    assert rules[0]["cost"] and rules[0] != rules[1]


def test_the_meaning_of_code_has_no_fields_that_only_some_versions_of_python_have():
    said = meaning(ast.parse("def f(x):\n    'says'\n    return x[1] if x else None"))
    assert "says" not in said and "type_params" not in said and "lineno" not in said
    assert "decorator_list" not in said
    assert meaning(ast.parse("x = 1")) != meaning(ast.parse("x = 1.0"))
