// Where everything stands that passes: people as one node, or each of them when the group is open.

const short = (text, letters) => text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
const signed = (mark, text) => data.signs[mark] ? `${data.signs[mark]} ${text}` : text;
const named = (node, title) => signed(node.mark, node.hazards ? signed("hazard", title) : title);

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
  const columns = data.headings.map(() => []);
  for (const one of nodes) columns[one.node.column].push(one);
  const tallest = Math.max(1, ...columns.map((one) => one.length));
  columns.forEach((some, c) => some.forEach((one, row) => {
    const gap = Math.min(tallest * ROW / some.length, ROW * 6);
    const start = (tallest * ROW - gap * some.length) / 2;
    one.position = { x: c * STEP, y: TOP + start + gap * (row + 0.5) };
  }));
  const width = (data.headings.length - 1) * STEP + WIDTH, height = tallest * ROW + TOP;
  return { nodes, edges, columns, byId: new Map(nodes.map((one) => [one.id, one])), width, height };
}
