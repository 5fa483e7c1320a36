// Diagnosis and journeys above the lanes; then the first drawing.
data.findings.forEach((finding, number) => {
  if (number === 1) $('diagnosis').append(make('p', 'others', 'It may also be'));
  // The likeliest is open; the others wait in a line each.
  const card = make(number ? 'details' : 'article', `finding ${finding.verdict}${number ? ' lesser' : ''}`);
  const head = make('h2');
  head.append(make('span', 'chip', finding.verdict), make('span', 'hop', `at ${finding.hop}`), make('span', 'cause', finding.cause));
  if (finding.certainty) head.append(make('span', 'certainty', `certainty ${finding.certainty}`));
  if (number) {
    const summary = make('summary');
    summary.append(head);
    card.append(summary);
  } else {
    card.append(head);
  }
  card.append(make('p', 'why', finding.text));
  const say = (title, text) => {
    const line = make('p', 'remedy');
    line.append(make('b', '', title), make('span', '', text));
    card.append(line);
  };
  say('To do  ', finding.remedy);
  if (finding.sure) say('To be sure  ', finding.sure);
  if (finding.evidence.length) {
    const list = make('ol', 'cited');
    for (const cited of finding.evidence) {
      const link = make('button', '');
      link.append(make('time', '', showStep(cited.ms)), make('span', 'of', cited.source));
      if (NAMES[cited.kind.replace(/^(ws|sse|poll)_/, '')]) link.append(make('span', 'kind-of', NAMES[cited.kind.replace(/^(ws|sse|poll)_/, '')]));
      link.append(make('span', 'text', short(cited.text) || cited.kind));
      link.addEventListener('click', () => goTo(cited.ms, cited.lane, cited.kind));
      const item = make('li');
      item.append(link);
      list.append(item);
    }
    card.append(list);
  }
  $('diagnosis').append(card);
});

const drawJourneys = () => {
  $('journeys').hidden = !data.journeys.length;
  data.journeys.forEach((journey, number) => {
    const lost = journey.hops.find((hop) => hop.state === 'missing');
    const row = make('div', `journey w${number % HUES}${lost ? ' is-lost' : ''}`);
    const toggle = make('button', 'toggle');
    toggle.append(make('span', 'swatch'), make('span', 'what', journey.text), make('span', 'who', `${journey.from} → ${journey.to}`));
    toggle.setAttribute('aria-pressed', String(drawn.has(number)));
    toggle.title = 'Draw it across the lanes, or not';
    toggle.addEventListener('click', () => {
      if (drawn.has(number)) drawn.delete(number);
      else drawn.add(number);
      toggle.setAttribute('aria-pressed', String(drawn.has(number)));
      layout();
    });
    const hops = make('ol', 'hops');
    let first = null;
    let before = null;
    let gone = false;
    for (const hop of journey.hops) {
      const state = gone && hop.state === 'missing' ? 'after' : hop.state;
      gone ||= hop.state === 'missing';
      const item = make('li', state);
      const button = make('button', '', hop.name);
      if (hop.ms !== null) {
        if (before !== null) item.append(make('span', 'took', showStep(hop.ms - before)));
        button.addEventListener('click', () => goTo(hop.ms, hop.lane));
        first ??= hop.ms;
        before = hop.ms;
      } else {
        item.append(make('span', 'took', { reached: '✓', missing: 'lost', after: '', unknown: '?' }[state]));
        button.disabled = !hop.row;
        button.title = hop.row ? 'Where it is missing ( l )' : { reached: 'the API has it; nobody saw when', unknown: 'no witness saw it' }[state] ?? 'not reached';
        if (hop.row) button.addEventListener('click', () => showLost(hop.row));
      }
      item.append(button);
      hops.append(item);
    }
    const total = make('span', 'total', lost ? `lost at ${lost.name}` : before === null ? '' : showMs(before - first));
    row.append(toggle, hops, total);
    $('journey-list').append(row);
  });
};

addEventListener('scroll', later, { passive: true });
addEventListener('resize', () => {
  drawHeads();
  clearNodes();
  later();
});
drawKinds();
drawJourneys();
drawHeads();
layout();
