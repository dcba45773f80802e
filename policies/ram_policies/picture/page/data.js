// What the page is about, and where what is drawn stands.

const data = JSON.parse(document.getElementById("data").textContent);
const root = document.documentElement;
const by = (id) => document.getElementById(id);
const FILTERS = ["person", "role", "action", "resource", "changed"];
const WIDTH = 180, HEIGHT = 42, ROW = 58, STEP = 316, TOP = 30, LOWEST = 240, HIGHEST = 0.7;
const CURVED = 250, WHOLE = 400, AROUND = 150, ROWS = 40, MOST_PATHS = 20000, OPENED_BY_FILTER = 12, PRINTED_ROWS = 5000, TALLEST = 6;

const out = data.nodes.map(() => []), into = data.nodes.map(() => []);
data.edges.forEach((edge, number) => { out[edge.from].push(number); into[edge.to].push(number); });
const column = (number) => data.nodes[number].column;
const starts = data.nodes.map((_, number) => into[number].every((e) => column(data.edges[e].from) === column(number)));
const ends = data.nodes.map((_, number) => out[number].every((e) => column(data.edges[e].to) === column(number)));
const opened = new Set();
