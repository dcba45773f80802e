// The graph: Cytoscape.js holds what is in sight and what that is connected with, not all of a large enterprise.

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
    { selector: "edge.curved, edge.within", style: { "target-arrow-color": colour("edge"), "target-arrow-shape": "triangle", "arrow-scale": 0.8, label: "data(label)", color: colour("muted"), "font-size": 10.5, "font-family": "system-ui, DejaVu Sans, sans-serif", "text-background-color": colour("card"), "text-background-opacity": 0.9, "text-background-padding": 2, "text-wrap": "wrap", "text-overflow-wrap": "anywhere", "text-max-width": 126, "min-zoomed-font-size": 7, "source-endpoint": "90deg", "target-endpoint": "270deg" } },
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
let shown = { nodes: [], edges: [], columns: [], byId: new Map(), width: 0, height: 0 };
let drawing = 0; // counts what was laid out, so that elements of an earlier layout are placed anew
const made = new Map(); // every element that was ever drawn, by ID; those out of sight are out of the graph

function curve(one) {
  const from = shown.byId.get(one.source).position, to = shown.byId.get(one.target).position;
  const dx = to.x - from.x - WIDTH, dy = to.y - from.y;
  if (to.x <= from.x) return { within: true, distances: [dy > 0 ? -70 : 70] };
  const length = Math.hypot(dx, dy) || 1, weight = (dx * dx / 2) / (length * length), aside = (dx / 2) * dy / length;
  return { weights: [weight, 1 - weight], distances: [-aside, aside] };
}

function inSight(everything) {
  if (everything || shown.nodes.length + shown.edges.length <= WHOLE) return { nodes: shown.nodes, edges: shown.edges };
  const { x1, x2, y1, y2 } = cy.extent();
  const seen = new Set();
  for (const { id, position: { x, y } } of shown.nodes) {
    if (x > x1 - WIDTH && x < x2 + WIDTH && y > y1 - AROUND && y < y2 + AROUND) seen.add(id);
  }
  const edges = shown.edges.filter((one) => seen.has(one.source) || seen.has(one.target));
  for (const one of edges) { seen.add(one.source); seen.add(one.target); }
  return { nodes: shown.nodes.filter((one) => seen.has(one.id)), edges };
}

function draw({ everything = false } = {}) {
  const { nodes, edges } = inSight(everything);
  const wanted = new Set();
  for (const one of nodes) wanted.add(one.id);
  for (const one of edges) wanted.add(one.id);
  const curved = shown.edges.length <= CURVED;
  const fresh = [];
  cy.startBatch();
  cy.remove(cy.filter((one) => !wanted.has(one.id()) && !one.hasClass("heading")));
  const back = (some) => cy.collection(some.map((one) => made.get(one.id)).filter((one) => one?.removed())).restore();
  back(nodes);
  back(edges);
  for (const one of nodes) {
    const there = made.get(one.id);
    if (!there) fresh.push(node(one));
    else if (there.scratch("drawing") !== drawing) { there.position(one.position); there.scratch("drawing", drawing); }
  }
  for (const one of edges) {
    const there = made.get(one.id);
    if (!there) fresh.push(edge(one, curved ? curve(one) : null));
    else if (there.scratch("drawing") !== drawing) { bend(there, curved ? curve(one) : null); there.scratch("drawing", drawing); }
  }
  if (fresh.length) cy.add(fresh).forEach((one) => { made.set(one.id(), one); one.scratch("drawing", drawing); });
  highlight();
  cy.endBatch();
}

function node(one) {
  const label = `${short(named(one.node, one.title), 25)}\n${short(one.node.place, 27)}`.trim();
  return { group: "nodes", data: { id: one.id, label }, position: { ...one.position }, classes: `${one.title === one.node.title ? one.node.kind : "person"} ${one.node.mark}` };
}

const kindOf = (shape) => (shape ? (shape.within ? "within" : "curved") : "");
function edge(one, shape) {
  const label = short(signed(one.edge.mark, one.edge.label), 60);
  return { group: "edges", data: { id: one.id, source: one.source, target: one.target, label, weights: shape?.weights || [0.5], distances: shape?.distances || [0] }, classes: `${kindOf(shape)} ${one.edge.mark} ${one.edge.refuses ? "refuses" : ""}` };
}
function bend(there, shape) {
  if (shape) there.data({ weights: shape.weights || [0.5], distances: shape.distances });
  for (const name of ["curved", "within"]) if (there.hasClass(name) !== (kindOf(shape) === name)) there.toggleClass(name);
}

let waiting = false;
cy.on("viewport", () => {
  if (waiting || shown.nodes.length + shown.edges.length <= WHOLE) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; draw(); });
});

// ---- What is in sight. The width is kept, because asking for it lays out the whole page.

let width = graph.clientWidth, height = 0;
function fitWidth() {
  const wide = shown.width + 40, high = shown.height + 40;
  const tall = Math.min(high * Math.min(1.2, width / wide), Math.max(LOWEST, innerHeight * HIGHEST));
  const wanted = Math.max(LOWEST, Math.ceil(tall));
  if (height !== wanted) { height = wanted; graph.style.height = `${height}px`; cy.resize(); }
  const whole = Math.min(width / wide, height / high);
  view(Math.min(1.2, Math.max(whole, Math.min(width / wide, 1), 0.45)));
}
function fitAll() {
  view(Math.min(1.2, width / (shown.width + 40), height / (shown.height + 40)));
}
function view(zoom) {
  const spare = Math.max(0, (width - (shown.width + 40) * zoom) / 2);
  cy.viewport({ zoom, pan: { x: (WIDTH / 2 + 20) * zoom + spare, y: 24 * zoom } });
}
function resized() {
  width = graph.clientWidth;
  cy.resize();
  fitWidth();
}
