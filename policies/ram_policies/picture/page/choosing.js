// Choosing a node, by pointer or keys: its ways to both sides stand out.

let chosen = null, way = null;
function choose(id) {
  if (id === null && chosen === null) return;
  chosen = id;
  way = id === null ? null : new Set([...reached(id, "source", "target"), ...reached(id, "target", "source")]);
  cy.batch(highlight);
  by("chosen").textContent = id === null ? "" : told(id);
}
function reached(id, from, to) {
  const beside = new Map();
  for (const one of shown.edges) {
    if (!beside.has(one[from])) beside.set(one[from], []);
    beside.get(one[from]).push(one);
  }
  const found = new Set([id]), queue = [id];
  for (const at of queue) {
    for (const one of beside.get(at) || []) {
      found.add(one.id);
      if (!found.has(one[to])) { found.add(one[to]); queue.push(one[to]); }
    }
  }
  return found;
}
function highlight() {
  if (way === null) { cy.elements(".chosen, .far").removeClass("chosen far"); return; }
  cy.elements().forEach((one) => {
    const far = !way.has(one.id()) && !one.hasClass("heading");
    if (one.hasClass("far") !== far) one.toggleClass("far");
    if (one.hasClass("chosen") !== (one.id() === chosen)) one.toggleClass("chosen");
  });
}

function told(id) {
  const one = shown.byId.get(id);
  const title = (other) => shown.byId.get(other)?.title;
  const listed = (edges, end) => edges.slice(0, 6).map((each) => [each.edge.verb, title(end(each)), each.edge.label && `(${signed(each.edge.mark, each.edge.label)})`].filter(Boolean).join(" ")).join("; ");
  const after = listed(shown.edges.filter((each) => each.source === id), (each) => each.target);
  const before = shown.edges.filter((each) => each.target === id).slice(0, 6).map((each) => `${title(each.source)} ${each.edge.verb} it`).join("; ");
  const kind = one.title === one.node.title ? one.node.kind : "person";
  const hazards = one.node.hazards ? ` It lets its holders do more than operate what is there: ${one.node.hazards.join(", ")}.` : "";
  const group = one.node.members && kind === "people" ? ` ${one.node.members.slice(0, 12).join(", ")}${one.node.members.length > 12 ? ", …" : ""}. Enter opens the group.` : "";
  return `${kind} ${named(one.node, one.title)}, ${one.node.place}.${hazards}${group}${after ? ` It ${after}.` : ""}${before ? ` ${before}.` : ""}`;
}
function toggle(id) {
  const one = shown.byId.get(id);
  if (!one?.node.members) return;
  if (!opened.delete(one.number)) opened.add(one.number);
  update({ fit: false });
  const next = shown.nodes.find((other) => other.number === one.number);
  if (next) walkTo(next.id);
}
function walkTo(id) {
  choose(id);
  const { x, y } = shown.byId.get(id).position, zoom = cy.zoom(), pan = cy.pan();
  const aside = (at, half, room) => (at - half < 0 ? 20 - (at - half) : at + half > room ? room - 20 - (at + half) : 0);
  const by = { x: aside(x * zoom + pan.x, (WIDTH / 2) * zoom, width), y: aside(y * zoom + pan.y, (HEIGHT / 2) * zoom, height) };
  if (by.x || by.y) cy.panBy(by);
}
function walk(key) {
  const one = shown.byId.get(chosen);
  if (!one) return shown.nodes[0]?.id;
  const same = shown.columns[one.node.column], at = same.indexOf(one);
  if (key === "ArrowDown") return same[at + 1]?.id;
  if (key === "ArrowUp") return same[at - 1]?.id;
  if (key === "ArrowRight") return shown.edges.find((each) => each.source === chosen)?.target;
  return shown.edges.find((each) => each.target === chosen)?.source;
}
