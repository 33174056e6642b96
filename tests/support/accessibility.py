"""What is in the way of a page's readers, as axe-core finds by the rules of WCAG 2.1, A and AA."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


def obstacles(page: Page, within: str | None = None) -> list[str]:
    """A line for each element of an open page that breaks a rule.

    within  a CSS selector of what alone is looked at
    """
    found = Axe().run(page, context=within, options=RULES).response["violations"]
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
