// Small comforts; every page works without them. No inline code, so that the content security policy can forbid it.
"use strict";

// The menu of the top right corner closes with Escape, and when something else is clicked.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.who[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.who[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Live calls: rows come as server-sent events, made and escaped by the server.
const rows = document.getElementById("stream");
if (rows && "EventSource" in window) {
  const most = 200;
  const state = document.getElementById("stream-state");
  const pause = document.getElementById("stream-pause");
  const filter = document.getElementById("stream-filter");
  const waiting = [];

  const suits = (row) => row.textContent.toLowerCase().includes(filter.value.trim().toLowerCase());
  const add = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    const row = template.content.querySelector("tr");
    row.classList.add("new");
    row.hidden = !suits(row);
    rows.prepend(row);
    while (rows.children.length > most) rows.lastElementChild.remove();
  };
  const say = (text, look) => {
    state.textContent = text;
    state.className = `tag ${look}`;
  };

  const source = new EventSource(`/fake/calls/events?after=${rows.dataset.after}`);
  source.onopen = () => say("live", "good");
  source.onerror = () => say("reconnecting", "warn");
  source.onmessage = (event) => (paused() ? waiting.push(event.data) : add(event.data));
  const paused = () => pause.getAttribute("aria-pressed") === "true";

  pause.hidden = false;
  pause.addEventListener("click", () => {
    pause.setAttribute("aria-pressed", String(!paused()));
    pause.textContent = paused() ? "Go on" : "Pause";
    if (!paused()) waiting.splice(0).forEach(add);
  });
  filter.addEventListener("input", () => {
    for (const row of rows.children) row.hidden = !suits(row);
  });
}
