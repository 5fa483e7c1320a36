// Drawing: only what is in view has elements; everything is written as text.
const nodes = new Map();
const clearNodes = () => {
  for (const node of nodes.values()) node.remove();
  nodes.clear();
};
const SVG = 'http://www.w3.org/2000/svg';
const svg = document.createElementNS(SVG, 'svg');
svg.setAttribute('class', 'ways');
svg.setAttribute('aria-hidden', 'true');
timeline.append(svg);
const rails = make('div', 'rails');
timeline.append(rails);

const entry = (event) => {
  const node = make('div', `event g-${event.group}${event.lane < 0 ? ' wide' : ''}`);
  node.setAttribute('role', 'listitem');
  const what = event.kind.replace(/^(ws|sse|poll)_/, '');
  node.append(make('span', 'mark', MARKS[what] ?? GROUPS[event.group]?.[1] ?? '✕'));
  if (NAMES[what]) node.append(make('span', 'of', NAMES[what]));
  else if (event.kind.startsWith('view:')) node.append(make('span', 'of', event.kind.slice(5)));
  else if (event.lane < 0) node.append(make('span', 'of', event.kind === 'action' ? 'harness' : event.kind.replace('_', ' ')));
  node.append(make('span', 'text', short(event.text).slice(0, 300) || event.kind));
  node.title = `${clockAt(event.ms)} (${showStep(event.ms)})  ${event.kind}\n${event.text.slice(0, 600)}`;
  node.style.transform = `translateY(${event.y}px)`;
  node.style.left = event.lane < 0 ? `${GUTTER + 14}px` : `${left(event.lane) + 14}px`;
  node.style[event.lane < 0 ? 'maxWidth' : 'width'] = event.lane < 0 ? `${right() - GUTTER - 20}px` : `${laneWidth(event.lane) - 20}px`;
  node.dataset.index = event.index;
  return node;
};
const draw = () => {
  const top = -timeline.getBoundingClientRect().top - OVERSCAN;
  const bottom = top + innerHeight + 2 * OVERSCAN;
  const begin = firstFrom(shown, top - ROW, (event) => event.y);
  const end = firstFrom(shown, bottom, (event) => event.y);
  const wanted = new Map();
  for (let i = begin; i < end; i += 1) {
    const event = shown[i];
    wanted.set(`e${event.index}`, () => entry(event));
    if (event.label) {
      wanted.set(`t${event.index}`, () => {
        const label = make('time', 'at', showStep(event.ms));
        label.style.transform = `translateY(${event.y}px)`;
        label.title = clockAt(event.ms);
        return label;
      });
    }
  }
  for (let i = firstFrom(breaks, top - ROW, (it) => it.y); i < breaks.length && breaks[i].y < bottom; i += 1) {
    const pause = breaks[i];
    wanted.set(`b${i}`, () => {
      const line = make('div', 'break', `${showMs(pause.pause)} later`);
      line.style.transform = `translateY(${pause.y}px)`;
      return line;
    });
  }
  for (const [key, node] of nodes) {
    if (wanted.has(key)) continue;
    node.remove();
    nodes.delete(key);
  }
  const fresh = document.createDocumentFragment();
  for (const [key, build] of wanted) {
    let node = nodes.get(key);
    if (!node) {
      node = build();
      nodes.set(key, node);
      fresh.append(node);
    }
    if (key[0] === 'e') node.classList.toggle('chosen', key === `e${chosen}`);
  }
  timeline.append(fresh);
  drawWays(top, bottom);
};

const HUES = 5;
const drawWays = (top, bottom) => {
  svg.replaceChildren();
  svg.setAttribute('height', Math.max(0, height));
  svg.setAttribute('width', right());
  const add = (tag, attributes, text) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text) element.textContent = text;
    svg.append(element);
  };
  for (const number of drawn) {
    const hue = `way w${number % HUES}`;
    let last = null;
    let broken = false;
    const dots = [];
    for (const hop of data.journeys[number].hops) {
      if (hop.state === 'unknown' || broken) continue;
      const x = left(hop.lane) + 7;
      let y;
      if (hop.ms !== null) y = yAt(hop.ms, hop.lane);
      else if (hop.row?.fits) y = hop.row.y + ROW / 2;
      else continue;
      const missing = hop.state === 'missing';
      broken ||= missing;
      if (last && Math.max(last.y, y) > top && Math.min(last.y, y) < bottom) {
        const bend = (x - last.x) / 2;
        const path = last.x === x
          ? `M${last.x} ${last.y}L${x} ${y}`
          : `M${last.x} ${last.y}C${last.x + bend} ${last.y} ${x - bend} ${y} ${x} ${y}`;
        add('path', { d: path, class: missing ? 'way lost' : hue });
      }
      last = { x, y, hop, missing };
      dots.push(last);
    }
    for (const { x, y, hop, missing } of dots) {
      if (y < top || y > bottom) continue;
      if (!missing) {
        add('circle', { cx: x, cy: y, r: 4.5, class: `dot ${hue}` });
        continue;
      }
      add('circle', { cx: x, cy: y, r: 7, class: 'dot lost' });
      add('path', { d: `M${x - 3} ${y - 3}l6 6m0 -6l-6 6`, class: 'cross' });
    }
  }
};

let asked = 0;
const later = () => {
  asked ||= requestAnimationFrame(() => {
    asked = 0;
    draw();
  });
};
const heads = $('heads');
const drawHeads = () => {
  measure();
  heads.replaceChildren();
  rails.replaceChildren();
  timeline.style.minWidth = heads.style.minWidth = `${right()}px`;
  const corner = make('div', 'corner', data.clock);
  corner.title = 'when the test began';
  heads.append(corner);
  lanes.forEach((lane, number) => {
    const head = make('div', `head ${lane.side}`, lane.name);
    head.style.left = `${left(number)}px`;
    head.style.width = `${laneWidth(number)}px`;
    heads.append(head);
    const rail = make('div', `rail ${lane.side}`);
    rail.style.left = `${left(number)}px`;
    rail.style.width = `${laneWidth(number)}px`;
    rails.append(rail);
  });
};
