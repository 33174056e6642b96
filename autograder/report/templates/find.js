{
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const field = document.getElementById("find");
  const found = document.getElementById("found");
  const lines = [...document.querySelectorAll(".line")].map((line) => ({
    line,
    people: [...line.querySelectorAll(".who")].map((who) => plain(who.textContent)),
  }));
  field.closest("search").hidden = false;
  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let seen = 0;
    for (const { line, people } of lines) {
      line.hidden = !people.some((name) => words.every((word) => name.includes(word)));
      seen += !line.hidden;
    }
    for (const more of document.querySelectorAll("details.more")) more.open = words.length > 0;
    found.textContent = words.length ? `${seen} of ${lines.length} entries of this page` : "";
  });
  // Opened through a Jupyter server, a page knows where the formgrader is; the address of what
  // lies beside it needs the token with which this page was opened.
  const served = location.protocol.startsWith("http") && location.pathname.match(/^(.*?)\/files\//);
  for (const link of served ? document.querySelectorAll("a[href]") : []) {
    const target = link.getAttribute("href");
    if (link.matches(".formgrader"))
      link.href = served[1] + target.replace(/^.*?(?=\/formgrader\/)/, "");
    else if (!target.startsWith("#")) link.search = location.search;
  }
}
