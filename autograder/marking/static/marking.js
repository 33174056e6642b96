// What a browser does on the page of one question: it shows an answer, takes points, ticks and a
// comment, and sends each at once. What could not be sent is kept here until it can be. It is no
// module, as a JupyterHub gives a page none.

"use strict";

const desk = document.getElementById("desk");
const here = desk.dataset.here;
const most = Number(desk.dataset.points);
const kept = `marking:${here}`;
const RETRY = 3000, PAUSE = 700, OFFERED = 20;
const element = (id) => document.getElementById(id);
const ticks = [...document.querySelectorAll("[data-tick]")];

let answers = [];
let byId = new Map();
let at = -1;
// What is not saved yet, by answer: {id, version, points?, comment?, ticks?}; each change is a new
// object, so that what is on its way is known from what came after it.
let pending = new Map();
// The answers of which this tab keeps something; what is kept of others is another tab's.
let laid = new Set();
let sending = false;
// Why what is pending was not saved when it was last sent.
let lost = null;
let refused = new Map();
const texts = new Map();
let typing = null;
let retry = null;

// Asking the server

function token() {
  const found = document.cookie.match(/(?:^|;\s*)_xsrf=([^;]*)/);
  return found ? decodeURIComponent(found[1]) : "";
}

class Refusal extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

async function ask(path, body) {
  // A hub asks for the token with whatever a script reads, too.
  const headers = { Accept: "application/json", "X-XSRFToken": token() };
  const options = { credentials: "same-origin", headers };
  if (body !== undefined) {
    options.method = "POST";
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  const response = await fetch(`${here}/${path}`, options);
  const kind = response.headers.get("Content-Type") || "";
  const found = kind.includes("json") ? await response.json() : {};
  if (!response.ok) {
    throw new Refusal(response.status, found.problem || found.message || "");
  }
  return found;
}

// What is not saved yet survives a reload of the page.

function keep() {
  try {
    const others = found_again().filter((mark) => !laid.has(mark.id) && !pending.has(mark.id));
    laid = new Set(pending.keys());
    const all = [...others, ...pending.values()];
    if (all.length) {
      localStorage.setItem(kept, JSON.stringify(all));
    } else {
      localStorage.removeItem(kept);
    }
  } catch {
    // Without a store it is kept as long as the page is open.
  }
}

function found_again() {
  try {
    return JSON.parse(localStorage.getItem(kept) || "[]");
  } catch {
    return [];
  }
}

// Saving

function change(answer, changes, alone = false) {
  const together = !alone && element("together").checked && answer.same >= 0;
  const these = together ? answers.filter((one) => one.same === answer.same) : [answer];
  for (const one of these) {
    const before = pending.get(one.id) || { id: one.id, version: one.version };
    pending.set(one.id, { ...before, ...changes });
    apply(one, changes);
    refused.delete(one.id);
  }
  keep();
  show_mark();
  show_progress();
  send();
}

function apply(answer, changes) {
  if ("points" in changes) {
    answer.points = changes.points;
    answer.waits = changes.points === null && answer.automatic === null;
    answer.old = false;
  }
  if ("comment" in changes) answer.comment = changes.comment;
  if ("ticks" in changes) answer.ticks = changes.ticks;
}

function update(answer, now) {
  Object.assign(answer, now, { old: now.waits && now.points !== null });
}

async function send() {
  if (sending || !pending.size) return show_saved();
  sending = true;
  clearTimeout(retry);
  show_saved();
  const sent = new Map(pending);
  try {
    const outcome = await ask("marks", { marks: [...sent.values()] });
    lost = null;
    for (const now of outcome.saved) settle(now.id, sent, now);
    for (const { id, problem, answer, html } of outcome.refused) {
      const mine = pending.get(id) || sent.get(id);
      const box = element("comment");
      // What is being written was begun beside what stood here before, so it waits for the button.
      const writing = answer !== null && box.of === id && document.activeElement === box;
      refused.set(id, { problem, mine, found: answer !== null, writing, before: byId.get(id)?.comment });
      pending.delete(id);
      if (answer) {
        update(byId.get(id), answer);
        texts.set(id, { version: answer.version, html });
      }
    }
  } catch (error) {
    lost = error;
  }
  sending = false;
  if (lost instanceof Refusal && lost.status === 400) {
    // Not to be sent again: it would be refused again.
    for (const [id, mark] of sent) {
      refused.set(id, { problem: lost.message, mine: mark, found: false });
      if (pending.get(id) === mark) pending.delete(id);
    }
    lost = null;
  }
  keep();
  if (lost) {
    show_saved();
    retry = setTimeout(send, RETRY);
    return;
  }
  show_all();
  if (pending.size) send();
}

function settle(id, sent, now) {
  const answer = byId.get(id);
  const later = pending.get(id);
  if (later === sent.get(id)) {
    pending.delete(id);
    update(answer, now);
  } else if (later) {
    pending.set(id, { ...later, version: now.version });
    answer.version = now.version;
  }
  const text = texts.get(id);
  if (text) text.version = now.version;
}

// Showing

function show_saved() {
  const sign = element("saved");
  const kept_here = `What you gave is kept here (answers: ${pending.size})`;
  let text = "";
  if (lost instanceof Refusal && lost.status === 403) {
    text = `✗ Not saved: you are logged out. Log in again in another tab. ${kept_here} and sent then.`;
  } else if (lost instanceof Refusal) {
    text = `✗ Not saved: ${lost.message || `the server answers ${lost.status}`} ${kept_here} and sent again.`;
  } else if (lost) {
    text = `✗ Not saved: the connection to the server is lost. ${kept_here} and sent when it is back.`;
  } else if (pending.size) {
    text = "Saving …";
  } else if (current() && (current().points !== null || current().comment) && !refused.has(current().id)) {
    text = current().waits ? "" : "✓ Saved";
    if (current().waits && current().touched) text = "✓ Saved; it still waits for points.";
  }
  sign.classList.toggle("lost", lost !== null);
  if (sign.textContent !== text) sign.textContent = text;
}

const current = () => answers[at];
const number = (points) => String(Math.round(points * 1000) / 1000);
const of_all = (points) => `${number(points)} of ${number(most)} points`;

function show_progress() {
  const written = answers.filter((one) => !one.blank || one.waits || one.points !== null);
  const marked = written.filter((one) => !one.waits).length;
  const blank = answers.length - written.length;
  let text = `${marked} of ${written.length} marked`;
  if (blank) text += ` · ${blank} without an answer`;
  if (element("progress").textContent !== text) element("progress").textContent = text;
  element("bar").max = Math.max(written.length, 1);
  element("bar").value = marked;
  document.title = `${marked} of ${written.length} · ${element("title").textContent}`;
}

function line(text, look = false) {
  const item = document.createElement("li");
  item.textContent = text;
  item.classList.toggle("look", look);
  return item;
}

function show_answer() {
  const answer = current();
  if (!answer) return;
  element("place").textContent = `Answer ${at + 1} of ${answers.length}`;
  const named = element("names").checked;
  element("who").textContent = named
    ? [answer.name, answer.name ? `(${answer.student})` : answer.student].filter(Boolean).join(" ")
    : "";
  const same = answers.filter((one) => one.same === answer.same && answer.same >= 0).length;
  const family = answers.filter((one) => one.family === answer.family && answer.same >= 0).length;
  const lines = [];
  if (answer.old) {
    lines.push(line(`It waits again: ${of_all(answer.points)} were given before the hand-in changed. The comment is of then, too.`, true));
  } else if (answer.waits) {
    lines.push(line("It waits for a mark."));
  }
  if (!answer.found) lines.push(line("There is no graded notebook with this answer: run `autograder grade` again.", true));
  if (answer.note) lines.push(line(answer.note, answer.waits));
  if (answer.extra) lines.push(line(`Extra credit from the formgrader: ${number(answer.extra)}.`));
  if (same > 1) lines.push(line(`${same} students gave this answer word for word.`));
  if (family > same) lines.push(line(`It is one of ${family} answers that are alike.`));
  element("about").replaceChildren(...lines);
  const link = document.createElement("a");
  link.href = `${desk.dataset.submissions}/${answer.submission}/`;
  link.textContent = "The whole notebook in the formgrader";
  element("whole").replaceChildren(link);
  element("together-row").hidden = same < 2;
  element("together-label").textContent = `Mark all ${same} that are the same word for word`;
  const text = texts.get(answer.id);
  const place = element("answer");
  if (text) {
    if (place.shown !== text.html) {
      // Cleaned by the server, as all that students wrote.
      place.innerHTML = text.html || "<p><em>Nothing was answered.</em></p>";
      place.shown = text.html;
    }
  } else {
    place.textContent = "…";
    place.shown = null;
    read(at);
  }
  for (const button of document.querySelectorAll(".moves button")) {
    button.disabled = target(button.dataset.key) === null;
  }
}

async function read(index) {
  const answer = answers[index];
  if (!answer || texts.has(answer.id) || answer.reading) return;
  answer.reading = true;
  try {
    const found = await ask(`answers/${encodeURIComponent(answer.id)}`);
    texts.set(answer.id, { version: found.answer.version, html: found.html });
    if (refused.get(answer.id)?.unread) refused.delete(answer.id);
    if (!pending.has(answer.id)) update(answer, found.answer);
  } catch (error) {
    if (answer === current()) {
      element("answer").textContent = error instanceof Refusal && error.message
        ? error.message
        : "This answer cannot be read now: the server does not answer.";
      setTimeout(() => answer === current() && read(index), RETRY);
    }
    return;
  } finally {
    answer.reading = false;
  }
  if (answer === current()) show_all();
}

function show_points(answer) {
  const given = answer.old ? null : answer.points;
  element("points").value = given === null ? "" : number(given);
}

function show_mark() {
  const answer = current();
  if (!answer) return;
  const given = answer.old ? null : answer.points;
  for (const button of element("numbers").children) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.points) === given));
  }
  if (document.activeElement !== element("points")) show_points(answer);
  for (const box of ticks) box.checked = answer.ticks.includes(box.dataset.tick);
  if (document.activeElement !== element("comment") || element("comment").of !== answer.id) {
    element("comment").value = answer.comment;
    element("comment").of = answer.id;
  }
  show_trouble();
  show_comments();
  show_saved();
}

function show_trouble() {
  const found = refused.get(current().id);
  const shown = element("trouble");
  if (!found) {
    shown.replaceChildren();
    shown.of = null;
    return;
  }
  if (shown.of === found) return;
  shown.of = found;
  const text = document.createElement("p");
  text.textContent = found.problem;
  const parts = [text];
  const mine = describe(found.mine);
  if (found.found && mine) {
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = `Save mine all the same (${mine})`;
    again.addEventListener("click", () => {
      const { id, version, ...changes } = found.mine;
      change(byId.get(id), changes, true);
      element("place").focus();
    });
    parts.push(again);
  }
  shown.replaceChildren(...parts);
}

function describe(mark) {
  const parts = [];
  if ("points" in mark) parts.push(mark.points === null ? "no mark" : of_all(mark.points));
  if (mark.comment) parts.push(`“${mark.comment.slice(0, 40)}${mark.comment.length > 40 ? "…" : ""}”`);
  return parts.join(", ");
}

function show_comments() {
  const counts = new Map();
  for (const one of answers) {
    const said = one.comment.trim();
    if (said) counts.set(said, (counts.get(said) || 0) + 1);
  }
  const offered = [...counts].sort((one, other) => other[1] - one[1]).slice(0, OFFERED);
  const key = JSON.stringify(offered);
  if (element("comments").key === key) return;
  const focused = [...element("comments").querySelectorAll("button")].indexOf(document.activeElement);
  element("comments").key = key;
  element("comments").replaceChildren(
    ...offered.map(([said, count]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = said;
      const many = document.createElement("small");
      many.textContent = ` ${count}×`;
      button.append(many);
      button.addEventListener("click", () => take(said));
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
  element("reuse").hidden = offered.length === 0;
  if (focused >= 0) element("place").focus();
}

function show_all() {
  show_progress();
  show_answer();
  show_mark();
}

// Marking

// Whether the answer can be read, for which nobody marks it before; else that is said.
function is_read(answer) {
  if (texts.has(answer.id)) return true;
  refused.set(answer.id, { problem: "This answer is not shown yet: nothing is marked.", mine: {}, found: false, unread: true });
  show_trouble();
  return false;
}

function give(points) {
  const answer = current();
  if (!answer || !is_read(answer)) return;
  if (!(points >= 0 && points <= most)) {
    refused.set(answer.id, { problem: `This question gives 0 to ${number(most)} points.`, mine: {}, found: false });
    show_trouble();
    return;
  }
  const sum = ticks.reduce((all, box) => all + (box.checked ? Number(box.dataset.points) : 0), 0);
  const changes = { points };
  // Ticks that say something else would contradict the points.
  if (ticks.length && sum !== points) {
    changes.ticks = points === most ? ticks.map((box) => box.dataset.tick) : [];
  }
  answer.touched = true;
  change(answer, changes);
}

function tick() {
  if (!is_read(current())) {
    show_mark();
    return;
  }
  const chosen = ticks.filter((box) => box.checked);
  const points = chosen.reduce((all, box) => all + Number(box.dataset.points), 0);
  current().touched = true;
  change(current(), { ticks: chosen.map((box) => box.dataset.tick), points });
}

function said() {
  clearTimeout(typing);
  typing = null;
  const answer = byId.get(element("comment").of);
  if (!answer) return;
  const comment = element("comment").value.trim();
  const refusal = refused.get(answer.id);
  if (refusal?.writing) {
    if ("comment" in refusal.mine || comment !== refusal.before.trim()) {
      refusal.mine = { ...refusal.mine, comment };
    }
    refusal.writing = document.activeElement === element("comment");
    element("trouble").of = null;
    if (!refusal.writing) element("comment").of = null;
    show_mark();
    return;
  }
  if (comment === answer.comment.trim()) return;
  answer.touched = true;
  change(answer, { comment });
}

function take(comment) {
  const answer = current();
  const before = element("comment").value.trim();
  const lines = before.split("\n").map((one) => one.trim());
  const text = !before || before === comment ? comment : lines.includes(comment) ? before : `${before}\n${comment}`;
  element("comment").value = text;
  element("comment").of = answer.id;
  said();
  element("place").focus();
}

function parsed(text) {
  const plain = text.trim().replace(",", ".");
  return plain === "" ? null : /^\d*\.?\d+$|^\d+\.$/.test(plain) ? Number(plain) : NaN;
}

// Moving

function target(key) {
  if (key === "j") return at + 1 < answers.length ? at + 1 : null;
  if (key === "k") return at > 0 ? at - 1 : null;
  const order = answers.map((_, index) => (at + 1 + index) % answers.length);
  const next = order.find((index) => answers[index].waits);
  return next === undefined || next === at ? null : next;
}

function go(index) {
  if (index === null || index === undefined) return;
  said();
  // Who goes on to other answers says anew that they are to be marked together.
  if (!current() || answers[index].same !== current().same) element("together").checked = false;
  at = index;
  history.replaceState(null, "", `#${encodeURIComponent(answers[at].id)}`);
  element("place").focus({ preventScroll: true });
  window.scrollTo(0, 0);
  show_all();
  read(at + 1);
  const next = target("n");
  if (next !== null) read(next);
}

// Keys

const keys = {
  j: () => go(target("j")),
  k: () => go(target("k")),
  n: () => go(target("n")),
  Enter: () => go(target("n")),
  w: () => element("comment").focus(),
  p: () => element("points").focus(),
  r: () => (element("comments").querySelector("button") || element("comment")).focus(),
  x: () => {
    if (!current()) return;
    current().touched = true;
    change(current(), { points: null, ticks: [] });
  },
  i: () => !element("together-row").hidden && element("together").click(),
  v: () => element("names").click(),
  s: () => element("sample").toggleAttribute("open"),
  "?": () => element("keys").toggleAttribute("open"),
};

document.addEventListener("keydown", (event) => {
  const inside = document.activeElement;
  const writes = inside === element("comment") || inside === element("points");
  if (event.key === "Escape" && writes) {
    if (inside === element("points")) show_points(current());
    element("place").focus();
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && inside === element("comment")) {
    event.preventDefault();
    go(target("n") ?? at);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || writes || !current()) return;
  if (event.repeat && !"jk".includes(event.key)) return;
  if (!element("single").checked) return;
  if (event.key === "Enter" && inside.matches("button, a, input, summary")) return;
  const box = ticks.find((one) => one.dataset.key === event.key);
  if (/^\d$/.test(event.key)) {
    give(Number(event.key));
  } else if (box) {
    box.checked = !box.checked;
    tick();
  } else if (keys[event.key]) {
    keys[event.key]();
  } else {
    return;
  }
  event.preventDefault();
});

for (const button of document.querySelectorAll("button[data-key]")) {
  button.addEventListener("click", () => keys[button.dataset.key]());
}
for (let points = 0; points <= Math.min(Math.floor(most), 9); points++) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.points = points;
  button.textContent = points;
  button.addEventListener("click", () => give(points));
  element("numbers").append(button);
}
for (const box of ticks) box.addEventListener("change", tick);
element("points").addEventListener("change", () => {
  const points = parsed(element("points").value);
  if (points === null) {
    if (current().points !== null && !current().old) keys.x();
  } else {
    give(points);
  }
});
element("points").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  // It is no key to go on with.
  event.stopPropagation();
  element("place").focus();
});
element("comment").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(said, PAUSE);
});
element("comment").addEventListener("blur", said);
element("names").addEventListener("change", show_answer);
element("single").addEventListener("change", () => {
  try {
    localStorage.setItem("marking-keys", element("single").checked ? "on" : "off");
  } catch {
    // Then it is so for this page alone.
  }
});
window.addEventListener("online", send);
window.addEventListener("hashchange", () => {
  const wanted = answers.findIndex((one) => one.id === decodeURIComponent(location.hash.slice(1)));
  if (wanted >= 0 && wanted !== at) go(wanted);
});
window.addEventListener("beforeunload", (event) => {
  if (typing) said();
  if (pending.size) event.preventDefault();
});

// The beginning

async function begin() {
  let found;
  try {
    found = await ask("answers");
  } catch (error) {
    element("progress").textContent =
      (error instanceof Refusal && error.message) || "The answers cannot be read: the server does not answer. It is asked again.";
    setTimeout(begin, RETRY);
    return;
  }
  answers = found.answers;
  for (const one of answers) update(one, one);
  byId = new Map(answers.map((one) => [one.id, one]));
  for (const mark of found_again()) {
    if (!byId.has(mark.id)) continue;
    const { id, version, ...changes } = mark;
    pending.set(id, mark);
    laid.add(id);
    apply(byId.get(id), changes);
  }
  if (!answers.length) {
    element("progress").textContent = "Nobody handed in an answer to this question yet.";
    return;
  }
  const wanted = answers.findIndex((one) => one.id === decodeURIComponent(location.hash.slice(1)));
  const first = answers.findIndex((one) => one.waits);
  go(wanted >= 0 ? wanted : Math.max(first, 0));
  send();
}

try {
  element("single").checked = localStorage.getItem("marking-keys") !== "off";
} catch {
  // As it is.
}
begin();
