// All of it together: what the reader does, and what follows.

function update({ fit = true } = {}) {
  const started = performance.now();
  const filters = asked();
  const passed = passing(filters);
  shown = drawn(passed, filters);
  drawing += 1;
  rows = ways(passed);
  filtered = filters;
  limit = ROWS;
  choose(null);
  if (fit) fitWidth();
  draw();
  table();
  const most = rows.length >= MOST_PATHS ? "at least " : "";
  const count = (some, one) => `${some.length} ${one}${some.length === 1 ? "" : "s"}`;
  by("told").textContent = rows.length ? `${most}${rows.length} ${rows.length === 1 ? "way" : "ways"} of access, ${count(shown.nodes, "node")} and ${count(shown.edges, "connection")} shown.` : "Nothing passes these filters.";
  performance.measure("update", { start: started, end: performance.now() });
  requestAnimationFrame(() => setTimeout(() => performance.measure("painted", { start: started, end: performance.now() })));
}

const zoom = (factor) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: width / 2, y: height / 2 } });
graph.addEventListener("keydown", (event) => {
  if (event.key.startsWith("Arrow")) { const id = walk(event.key); if (id) walkTo(id); }
  else if (event.key === "Enter" && chosen) toggle(chosen);
  else if (event.key === "Escape") choose(null);
  else if (event.key === "+") zoom(1.25);
  else if (event.key === "-") zoom(0.8);
  else return;
  event.preventDefault();
});
graph.addEventListener("wheel", (event) => {
  if (event.ctrlKey) { cy.zoom({ level: cy.zoom() * Math.exp(-event.deltaY / 300), renderedPosition: { x: event.offsetX, y: event.offsetY } }); event.preventDefault(); return; }
  const top = cy.pan().y, bottom = top + (shown.height + 20) * cy.zoom();
  if (event.deltaY > 0 ? bottom > height : top < 20) { cy.panBy({ x: 0, y: -event.deltaY }); event.preventDefault(); }
}, { passive: false });
cy.on("tap", "node", (event) => (event.target.id() === chosen ? toggle(chosen) : choose(event.target.id())));
cy.on("dbltap", "node", (event) => toggle(event.target.id()));
cy.on("tap", (event) => { if (event.target === cy) choose(null); });

by("nearer").addEventListener("click", () => zoom(1.25));
by("further").addEventListener("click", () => zoom(0.8));
by("fit").addEventListener("click", fitAll);
by("open").addEventListener("click", (event) => {
  const all = opened.size === 0;
  if (all) data.nodes.forEach((one, number) => { if (one.members) opened.add(number); });
  else opened.clear();
  event.target.textContent = all ? "Close every group" : "Open every group";
  update();
});
by("open").hidden = !data.nodes.some((one) => one.members);
by("more").addEventListener("click", () => { limit += ROWS; table(); });
const form = document.querySelector(".filters");
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => update());
form.addEventListener("reset", () => setTimeout(update));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(look()));
addEventListener("resize", resized);
// On paper: every row, and the graph as a picture where letters in it could be read.
addEventListener("beforeprint", () => {
  root.classList.add("paper");
  limit = PRINTED_ROWS;
  table();
  if (shown.height > shown.width * TALLEST) return;
  cy.style(look());
  draw({ everything: true });
  by("printed").src = cy.png({ full: true, maxWidth: 2400, maxHeight: 6000, bg: "#ffffff" });
  by("printed").alt = "The graph; the table says the same.";
  by("printed").hidden = false;
});
addEventListener("afterprint", () => {
  root.classList.remove("paper");
  limit = ROWS;
  table();
  cy.style(look());
  draw();
  by("printed").hidden = true;
});

cy.add(data.headings.map((text, c) => ({ group: "nodes", data: { id: `h${c}`, label: text.toUpperCase() }, position: { x: c * STEP, y: 0 }, classes: "heading" })));
heads();
update();
cy.one("render", () => { performance.mark("drawn"); (window.requestIdleCallback || setTimeout)(prepare); });

// The first filter is as quick as the second: what it runs is compiled while the reader reads.
function prepare() {
  for (const name of ["person", "role", "action", "resource"]) {
    const filters = { [name]: "a:a" }, passed = passing(filters);
    drawn(passed, filters);
    ways(passed);
  }
}
