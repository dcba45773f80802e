// The table: the ways that pass, one a row.

const TITLES = ["Who", "Teams", "Roles", "Grant", "May do", "On", "Conditions", ...(data.marks ? ["Change"] : [])];
let rows = [], filtered = {}, limit = ROWS, sorting = { at: 0, down: false, on: false };

function who(node, filters) {
  if (!node.members) return `${node.title} (${node.place})`;
  const fits = filters.person ? node.members.filter((one) => one.toLowerCase().includes(filters.person)) : node.members;
  const names = fits.length ? fits : node.members;
  const more = names.length > 4 ? ` and ${names.length - 4} more` : "";
  return `${names.slice(0, 4).join(", ")}${more} (${node.place})`;
}

function ways(passed) {
  const found = [];
  const { full } = passed.mask;
  const walk = (number, mask, path, edges) => {
    if (found.length >= MOST_PATHS) return;
    const mine = mask | passed.mask.nodes[number];
    const nodes = [...path, number];
    if (ends[number] && (mine & full) === full) found.push({ nodes, edges });
    for (const e of out[number]) {
      const to = data.edges[e].to;
      if (passed.edges[e] && !nodes.includes(to)) walk(to, mine | passed.mask.edges[e], nodes, [...edges, e]);
    }
  };
  data.nodes.forEach((_, n) => { if (passed.nodes[n] && starts[n]) walk(n, 0, [], []); });
  return found;
}

function row(path, numbers, filters) {
  const nodes = path.map((n) => data.nodes[n]), edges = numbers.map((e) => data.edges[e]);
  const titles = (kind) => nodes.filter((one) => one.kind === kind).map((one) => one.title).join(" → ");
  const hazards = nodes.flatMap((one) => one.hazards || []);
  const last = edges.at(-1);
  const may = last && (last.actions.length || last.notActions.length) ? `${last.refuses ? "refused: " : ""}${last.actions.join(", ") || `all but ${last.notActions.join(", ")}`}` : "";
  const marks = [...new Set([...nodes, ...edges].map((one) => one.mark).filter((one) => one !== "same"))];
  const mark = marks.includes("removed") ? "removed" : marks.length > 1 ? "changed" : marks[0] || "same";
  const was = edges.filter((one) => one.was).map((one) => `was: ${one.was}`);
  const resource = nodes.find((one) => one.kind === "resource");
  const cells = [nodes[0].column === 0 ? who(nodes[0], filters) : "", titles("team"), titles("role"), titles("grant"), hazards.length && !last?.refuses ? `${may} (${signed("hazard", hazards.join(", "))})` : may, resource ? `${resource.title} (${resource.place})` : "", edges.map((one) => one.condition).filter(Boolean).join("; ")];
  if (data.marks) cells.push(mark === "same" ? "" : [`${data.signs[mark]} ${mark}`, ...(mark === "changed" ? was : [])].join("; "));
  return { mark, cells };
}

function heads() {
  const line = document.querySelector("#paths thead tr");
  TITLES.forEach((text, at) => {
    const cell = document.createElement("th"), button = document.createElement("button");
    cell.scope = "col"; button.type = "button"; button.textContent = text;
    button.addEventListener("click", () => {
      sorting = { at, down: sorting.on && sorting.at === at && !sorting.down, on: true };
      [...line.children].forEach((one, other) => other === at ? one.setAttribute("aria-sort", sorting.down ? "descending" : "ascending") : one.removeAttribute("aria-sort"));
      table();
    });
    cell.append(button); line.append(cell);
  });
}

function table() {
  // What is in a row is only worked out for those that are shown, or sorted.
  const filled = (one) => (one.cells ? one : Object.assign(one, row(one.nodes, one.edges, filtered)));
  const some = sorting.on ? rows.map(filled).sort((a, b) => (sorting.down ? -1 : 1) * a.cells[sorting.at].localeCompare(b.cells[sorting.at], undefined, { numeric: true })) : rows;
  const body = document.createElement("tbody");
  for (const { mark, cells } of some.slice(0, limit).map(filled)) {
    const line = document.createElement("tr");
    line.className = mark;
    cells.forEach((text) => { const cell = document.createElement("td"); cell.textContent = text; line.append(cell); });
    body.append(line);
  }
  document.querySelector("#paths tbody").replaceWith(body);
  by("more").hidden = rows.length <= limit;
}
