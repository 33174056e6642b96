// What is wider than the page is scrolled by itself; here it can be reached by keyboard, too.
function reachable() {
  for (const box of document.querySelectorAll(".formula, .diagram, .table-wrapper, pre")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
addEventListener("load", reachable);
addEventListener("resize", reachable);
// What lies folded is measured when it is unfolded.
addEventListener("toggle", reachable, true);
