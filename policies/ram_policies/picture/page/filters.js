// What passes the filters: elements on a way from somebody to a resource that satisfies all of them together.

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
