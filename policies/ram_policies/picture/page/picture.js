"use strict";
// The page of a picture of access: filters, the graph (drawn by Cytoscape.js), and the table that says the same.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const by = (id) => document.getElementById(id);
  const FILTERS = ["person", "role", "action", "resource", "changed"];
  const WIDTH = 180, HEIGHT = 42, ROW = 58, STEP = 316, TOP = 30, LOWEST = 240, HIGHEST = 0.7;
  const CURVED = 250, ROWS = 40, MOST_PATHS = 20000, OPENED_BY_FILTER = 12;

  const out = data.nodes.map(() => []), into = data.nodes.map(() => []);
  data.edges.forEach((edge, number) => { out[edge.from].push(number); into[edge.to].push(number); });
  const column = (number) => data.nodes[number].column;
  const starts = data.nodes.map((_, number) => into[number].every((e) => column(data.edges[e].from) === column(number)));
  const ends = data.nodes.map((_, number) => out[number].every((e) => column(data.edges[e].to) === column(number)));
  const opened = new Set();

  // ---- What passes the filters: elements on a way from somebody to a resource that satisfies all of them together.

  function glob(pattern) {
    const text = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".");
    return new RegExp(`^${text}$`, "i");
  }
  const globs = new Map();
  function covers(pattern, wanted) {
    if (!globs.has(pattern)) globs.set(pattern, glob(pattern));
    return globs.get(pattern).test(wanted) || pattern.toLowerCase().includes(wanted);
  }
  function covered(edge, wanted) {
    if (edge.notActions.length) return !edge.notActions.some((one) => glob(one).test(wanted));
    return edge.actions.some((one) => covers(one, wanted));
  }

  function asked() {
    const found = {};
    for (const name of FILTERS) {
      const field = by(name);
      if (!field) continue;
      const value = field.type === "checkbox" ? field.checked : field.value.trim().toLowerCase();
      if (value) found[name] = value;
    }
    return found;
  }

  function bits(filters) {
    const names = FILTERS.filter((name) => name in filters);
    const bit = (name) => names.includes(name) ? 1 << names.indexOf(name) : 0;
    const has = (text, wanted) => text.toLowerCase().includes(wanted);
    const node = (one) => {
      let found = 0;
      if (filters.person && one.column < 2 && (has(one.title, filters.person) || (one.members || []).some((m) => has(m, filters.person)))) found |= bit("person");
      if (filters.role && one.kind === "role" && has(one.title, filters.role)) found |= bit("role");
      if (filters.resource && one.kind === "resource" && (one.title === "everything" || covers(one.title, filters.resource))) found |= bit("resource");
      if (filters.changed && one.mark !== "same") found |= bit("changed");
      return found;
    };
    const edge = (one) => {
      let found = 0;
      if (filters.action && covered(one, filters.action)) found |= bit("action");
      if (filters.changed && one.mark !== "same") found |= bit("changed");
      return found;
    };
    return { full: (1 << names.length) - 1, nodes: data.nodes.map(node), edges: data.edges.map(edge) };
  }

  // A set of masks is a number with one bit for each mask of up to five filters.
  function widened(set, mask, full) {
    if (!mask) return set;
    let found = 0;
    for (let m = 0; m <= full; m += 1) if ((set >>> m) & 1) found |= 1 << (m | mask);
    return found >>> 0;
  }
  function meets(one, other, full) {
    for (let m = 0; m <= full; m += 1) if ((one >>> m) & 1)
      for (let n = 0; n <= full; n += 1) if (((other >>> n) & 1) && (m | n) === full) return true;
    return false;
  }
  function flow(first, follow, step) {
    const sets = new Uint32Array(data.nodes.length);
    const queue = [];
    data.nodes.forEach((_, number) => { if (first[number]) { sets[number] = first[number]; queue.push(number); } });
    for (let at = 0; at < queue.length; at += 1) {
      const number = queue[at];
      for (const e of follow(number)) {
        const [to, set] = step(e, sets[number]);
        const more = (sets[to] | set) >>> 0;
        if (more !== sets[to]) { sets[to] = more; queue.push(to); }
      }
    }
    return sets;
  }

  function passing(filters) {
    const mask = bits(filters);
    const all = { mask, nodes: data.nodes.map(() => true), edges: data.edges.map(() => true) };
    if (!mask.full) return all;
    const { full } = mask;
    const along = (e) => mask.edges[e] | mask.nodes[data.edges[e].to];
    const before = flow(starts.map((is, n) => is ? 1 << mask.nodes[n] : 0), (n) => out[n],
      (e, set) => [data.edges[e].to, widened(set, along(e), full)]);
    const after = flow(ends.map((is) => is ? 1 : 0), (n) => into[n],
      (e, set) => [data.edges[e].from, widened(set, along(e), full)]);
    return {
      mask,
      nodes: data.nodes.map((_, n) => meets(before[n], after[n], full)),
      edges: data.edges.map((edge, e) => meets(widened(before[edge.from], along(e), full), after[edge.to], full)),
    };
  }

  // ---- What is drawn: people as one node, or each of them when the group is open.

  const short = (text, letters) => text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
  const signed = (mark, text) => data.signs[mark] ? `${data.signs[mark]} ${text}` : text;

  function drawn(passed, filters) {
    const nodes = [], places = new Map();
    data.nodes.forEach((node, number) => {
      if (!passed.nodes[number]) return;
      let names = null;
      if (node.members) {
        const fits = filters.person ? node.members.filter((one) => one.toLowerCase().includes(filters.person)) : node.members;
        const some = fits.length ? fits : node.members;
        if (opened.has(number) || (filters.person && fits.length && some.length <= OPENED_BY_FILTER)) names = some;
      }
      if (names === null) {
        nodes.push({ id: `n${number}`, number, node, title: node.title });
        places.set(number, [`n${number}`]);
      } else {
        places.set(number, names.map((name) => {
          const id = `n${number}/${node.members.indexOf(name)}`;
          nodes.push({ id, number, node, title: name });
          return id;
        }));
      }
    });
    const edges = [];
    data.edges.forEach((edge, number) => {
      if (!passed.edges[number]) return;
      for (const source of places.get(edge.from)) edges.push({ id: `e${number}${source}`, edge, source, target: places.get(edge.to)[0] });
    });
    const columns = data.headings.map((_, c) => nodes.filter((one) => one.node.column === c));
    const tallest = Math.max(1, ...columns.map((one) => one.length));
    columns.forEach((some, c) => some.forEach((one, row) => {
      const gap = Math.min(tallest * ROW / some.length, ROW * 6);
      const start = (tallest * ROW - gap * some.length) / 2;
      one.position = { x: c * STEP, y: TOP + start + gap * (row + 0.5) };
    }));
    return { nodes, edges, columns };
  }

  // ---- The graph.

  const colour = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
  function look() {
    const marks = ["added", "removed", "changed", "unknown"].flatMap((mark) => [
      { selector: `node.${mark}`, style: { "border-color": colour(mark), "border-width": 2.5, "border-style": mark === "removed" || mark === "unknown" ? "dashed" : "solid" } },
      { selector: `edge.${mark}`, style: { "line-color": colour(mark), "target-arrow-color": colour(mark), color: colour(mark), width: 2.5, "line-style": mark === "removed" || mark === "unknown" ? "dashed" : "solid" } },
    ]);
    return [
      { selector: "node", style: { shape: "round-rectangle", width: WIDTH, height: HEIGHT, label: "data(label)", color: colour("ink"), "font-size": 12, "font-family": "system-ui, DejaVu Sans, sans-serif", "text-valign": "center", "text-wrap": "wrap", "text-max-width": WIDTH, "line-height": 1.25, "background-color": colour("bg"), "border-color": colour("edge"), "border-width": 1, "min-zoomed-font-size": 5 } },
      ...["team", "role", "grant", "resource"].map((kind) => ({ selector: `node.${kind}`, style: { "background-color": colour(kind) } })),
      { selector: "node.people", style: { "border-style": "double", "border-width": 4 } },
      { selector: "node.heading", style: { "background-opacity": 0, "border-width": 0, color: colour("muted"), "font-weight": "bold", height: 20, events: "no" } },
      { selector: "edge", style: { width: 1.3, "line-color": colour("edge"), "curve-style": "haystack" } },
      { selector: "edge.curved, edge.within", style: { "target-arrow-color": colour("edge"), "target-arrow-shape": "triangle", "arrow-scale": 0.8, label: "data(label)", color: colour("muted"), "font-size": 10.5, "font-family": "system-ui, DejaVu Sans, sans-serif", "text-background-color": colour("card"), "text-background-opacity": 0.9, "text-background-padding": 2, "text-wrap": "wrap", "text-max-width": 126, "min-zoomed-font-size": 7, "source-endpoint": "90deg", "target-endpoint": "270deg" } },
      { selector: "edge.curved", style: { "curve-style": "unbundled-bezier", "edge-distances": "endpoints", "control-point-weights": "data(weights)", "control-point-distances": "data(distances)" } },
      { selector: "edge.within", style: { "curve-style": "unbundled-bezier", "source-endpoint": "90deg", "target-endpoint": "90deg", "control-point-distances": "data(distances)", "control-point-weights": "0.5" } },
      { selector: "edge.refuses", style: { "line-style": "dotted", "target-arrow-shape": "tee" } },
      ...marks,
      { selector: ".far", style: { opacity: 0.14 } },
      { selector: "node.chosen", style: { "border-color": colour("focus"), "border-width": 4, "border-style": "solid" } },
    ];
  }

  const graph = by("graph");
  const cy = cytoscape({ container: graph, style: look(), elements: [], autoungrabify: true, boxSelectionEnabled: false, autounselectify: true, userZoomingEnabled: false, minZoom: 0.02, maxZoom: 2.5, pixelRatio: "auto", hideEdgesOnViewport: false, textureOnViewport: false });
  let shown = { nodes: [], edges: [], columns: [] };
  const made = new Map(); // every element that was ever drawn; those that are not shown are out of the graph

  function curve(one, places) {
    const from = places.get(one.source), to = places.get(one.target);
    const dx = to.x - from.x - WIDTH, dy = to.y - from.y;
    if (to.x <= from.x) return { within: true, distances: [dy > 0 ? -70 : 70] };
    const length = Math.hypot(dx, dy) || 1, weight = (dx * dx / 2) / (length * length), aside = (dx / 2) * dy / length;
    return { weights: [weight, 1 - weight], distances: [-aside, aside] };
  }

  function draw() {
    const curved = shown.edges.length <= CURVED;
    const places = new Map(shown.nodes.map((one) => [one.id, one.position]));
    const fresh = [], wanted = new Set([...shown.nodes, ...shown.edges].map((one) => one.id));
    cy.startBatch();
    const gone = cy.elements().filter((one) => !wanted.has(one.id()) && !one.hasClass("heading"));
    gone.remove();
    const back = (some) => some.map((one) => made.get(one.id)).filter((one) => one && one.removed());
    cy.collection(back(shown.nodes)).restore();
    cy.collection(back(shown.edges)).restore();
    for (const one of shown.nodes) {
      const there = made.get(one.id);
      if (there) {
        const at = there.position();
        if (at.x !== one.position.x || at.y !== one.position.y) there.position(one.position);
        continue;
      }
      const label = `${short(signed(one.node.mark, one.title), 25)}\n${short(one.node.place, 27)}`.trim();
      fresh.push({ group: "nodes", data: { id: one.id, label }, position: { ...one.position }, classes: `${one.title === one.node.title ? one.node.kind : "person"} ${one.node.mark}` });
    }
    for (const one of shown.edges) {
      const shape = curved ? curve(one, places) : null;
      const there = made.get(one.id);
      const kind = shape ? (shape.within ? "within" : "curved") : "";
      if (there) {
        if (shape) there.data({ weights: shape.weights || [0.5], distances: shape.distances });
        for (const name of ["curved", "within"]) if (there.hasClass(name) !== (kind === name)) there.toggleClass(name);
        continue;
      }
      const label = short(signed(one.edge.mark, one.edge.label), 60);
      fresh.push({ group: "edges", data: { id: one.id, source: one.source, target: one.target, label, weights: shape?.weights || [0.5], distances: shape?.distances || [0] }, classes: `${kind} ${one.edge.mark} ${one.edge.refuses ? "refuses" : ""}` });
    }
    if (fresh.length) cy.add(fresh).forEach((one) => { made.set(one.id(), one); });
    cy.endBatch();
  }

  function fitWidth() {
    const width = (data.headings.length - 1) * STEP + WIDTH + 40;
    const height = Math.max(1, ...shown.columns.map((one) => one.length)) * ROW + TOP + 40;
    const tall = Math.min(height * Math.min(1.2, graph.clientWidth / width), Math.max(LOWEST, innerHeight * HIGHEST));
    const pixels = `${Math.max(LOWEST, Math.ceil(tall))}px`;
    if (graph.style.height !== pixels) { graph.style.height = pixels; cy.resize(); }
    const whole = Math.min(graph.clientWidth / width, graph.clientHeight / height);
    const zoom = Math.min(1.2, Math.max(whole, Math.min(graph.clientWidth / width, 1), 0.45));
    const spare = Math.max(0, (graph.clientWidth - width * zoom) / 2);
    cy.viewport({ zoom, pan: { x: (WIDTH / 2 + 20) * zoom + spare, y: 24 * zoom } });
  }

  // ---- The table: the ways that pass, one a row.

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
    const last = edges.at(-1);
    const may = last && (last.actions.length || last.notActions.length) ? `${last.refuses ? "refused: " : ""}${last.actions.join(", ") || `all but ${last.notActions.join(", ")}`}` : "";
    const marks = [...new Set([...nodes, ...edges].map((one) => one.mark).filter((one) => one !== "same"))];
    const mark = marks.includes("removed") ? "removed" : marks.length > 1 ? "changed" : marks[0] || "same";
    const was = edges.filter((one) => one.was).map((one) => `was: ${one.was}`);
    const resource = nodes.find((one) => one.kind === "resource");
    const cells = [nodes[0].column === 0 ? who(nodes[0], filters) : "", titles("team"), titles("role"), titles("grant"), may, resource ? `${resource.title} (${resource.place})` : "", edges.map((one) => one.words).filter(Boolean).join("; ")];
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

  // ---- Together.

  function update({ fit = true } = {}) {
    const started = performance.now();
    const filters = asked();
    const passed = passing(filters);
    shown = drawn(passed, filters);
    rows = ways(passed);
    filtered = filters;
    limit = ROWS;
    choose(null);
    draw();
    table();
    if (fit) fitWidth();
    const most = rows.length >= MOST_PATHS ? "at least " : "";
    by("told").textContent = rows.length ? `${most}${rows.length} ways of access, ${shown.nodes.length} nodes and ${shown.edges.length} connections shown.` : "Nothing passes these filters.";
    performance.measure("update", { start: started, end: performance.now() });
    requestAnimationFrame(() => setTimeout(() => performance.measure("painted", { start: started, end: performance.now() })));
  }

  // ---- Choosing a node, by pointer or keys.

  let chosen = null;
  function choose(id) {
    if (id === null && chosen === null) return;
    chosen = id;
    cy.batch(() => {
      cy.elements(".chosen, .far").removeClass("chosen far");
      if (id === null) return;
      const node = cy.getElementById(id);
      const way = node.union(node.successors()).union(node.predecessors());
      cy.elements().not(way).not(".heading").addClass("far");
      node.addClass("chosen");
    });
    by("chosen").textContent = id === null ? "" : told(id);
  }
  function told(id) {
    const one = shown.nodes.find((other) => other.id === id);
    const title = (other) => shown.nodes.find((each) => each.id === other)?.title;
    const listed = (edges, end) => edges.slice(0, 6).map((each) => [each.edge.verb, title(end(each)), each.edge.label && `(${signed(each.edge.mark, each.edge.label)})`].filter(Boolean).join(" ")).join("; ");
    const after = listed(shown.edges.filter((each) => each.source === id), (each) => each.target);
    const before = shown.edges.filter((each) => each.target === id).slice(0, 6).map((each) => `${title(each.source)} ${each.edge.verb} it`).join("; ");
    const kind = one.title === one.node.title ? one.node.kind : "person";
    const group = one.node.members && kind === "people" ? ` ${one.node.members.slice(0, 12).join(", ")}${one.node.members.length > 12 ? ", …" : ""}. Enter opens the group.` : "";
    return `${kind} ${signed(one.node.mark, one.title)}, ${one.node.place}.${group}${after ? ` It ${after}.` : ""}${before ? ` ${before}.` : ""}`;
  }
  function toggle(id) {
    const one = shown.nodes.find((other) => other.id === id);
    if (!one?.node.members) return;
    const pan = { ...cy.pan() }, zoom = cy.zoom();
    if (!opened.delete(one.number)) opened.add(one.number);
    update({ fit: false });
    cy.viewport({ pan, zoom });
    const next = shown.nodes.find((other) => other.number === one.number);
    if (next) walkTo(next.id);
  }
  function walkTo(id) {
    choose(id);
    const box = cy.getElementById(id).renderedBoundingBox();
    const x = box.x1 < 0 ? 20 - box.x1 : box.x2 > graph.clientWidth ? graph.clientWidth - 20 - box.x2 : 0;
    const y = box.y1 < 0 ? 20 - box.y1 : box.y2 > graph.clientHeight ? graph.clientHeight - 20 - box.y2 : 0;
    if (x || y) cy.panBy({ x, y });
  }
  function walk(key) {
    const one = shown.nodes.find((other) => other.id === chosen);
    if (!one) return shown.nodes[0]?.id;
    const same = shown.columns[one.node.column], at = same.indexOf(one);
    if (key === "ArrowDown") return same[at + 1]?.id;
    if (key === "ArrowUp") return same[at - 1]?.id;
    if (key === "ArrowRight") return shown.edges.find((each) => each.source === chosen)?.target;
    return shown.edges.find((each) => each.target === chosen)?.source;
  }

  const zoom = (factor) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: graph.clientWidth / 2, y: graph.clientHeight / 2 } });
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
    const box = cy.elements().renderedBoundingBox();
    if (event.deltaY > 0 ? box.y2 > graph.clientHeight : box.y1 < 0) { cy.panBy({ x: 0, y: -event.deltaY }); event.preventDefault(); }
  }, { passive: false });
  cy.on("tap", "node", (event) => (event.target.id() === chosen ? toggle(chosen) : choose(event.target.id())));
  cy.on("dbltap", "node", (event) => toggle(event.target.id()));
  cy.on("tap", (event) => { if (event.target === cy) choose(null); });

  by("nearer").addEventListener("click", () => zoom(1.25));
  by("further").addEventListener("click", () => zoom(0.8));
  by("fit").addEventListener("click", () => cy.fit(cy.elements(), 20));
  by("open").addEventListener("click", (event) => {
    const all = opened.size === 0;
    if (all) data.nodes.forEach((node, number) => { if (node.members) opened.add(number); });
    else opened.clear();
    event.target.textContent = all ? "Close every group" : "Open every group";
    update();
  });
  by("open").hidden = !data.nodes.some((node) => node.members);
  by("more").addEventListener("click", () => { limit += ROWS; table(); });
  const form = document.querySelector(".filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => update());
  form.addEventListener("reset", () => setTimeout(update));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(look()));
  addEventListener("resize", () => { cy.resize(); fitWidth(); });
  addEventListener("beforeprint", () => {
    root.classList.add("paper");
    cy.style(look());
    by("printed").src = cy.png({ full: true, maxWidth: 2400, maxHeight: 6000, bg: "#ffffff" });
    by("printed").alt = "The graph; the table says the same.";
    by("printed").hidden = false;
  });
  addEventListener("afterprint", () => { root.classList.remove("paper"); cy.style(look()); by("printed").hidden = true; });

  cy.add(data.headings.map((text, c) => ({ group: "nodes", data: { id: `h${c}`, label: text.toUpperCase() }, position: { x: c * STEP, y: 0 }, classes: "heading" })));
  heads();
  update();
  cy.one("render", () => performance.mark("drawn"));
})();
