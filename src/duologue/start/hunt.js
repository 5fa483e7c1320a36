// Finds things in a page of a chat that nobody has described: returns an object of questions, each answered with
// selectors and the reason for them. Nothing here knows a chat: roles, attributes, repetition and what changed are all.
// `fleeting` are classes that were seen to come and go.
(fleeting) => {
  const visible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.getClientRects().length > 0;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const squeezed = (text) => text.trim().replace(/\s+/g, ' ');
  const quoted = (text) => (/^[a-zA-Z][\w-]*$/.test(text) ? text : JSON.stringify(text));
  // What tells of a state, or was made by a tool and will be another tomorrow, identifies nothing.
  const state = /^(is-|has-)?(active|selected|open|opened|current|focus(ed)?|hover|unread|read|hidden|visible|new|own|me|mine|highlight(ed)?|continuation|first|last|even|odd|disabled|loading|pending|sent|unsent)$/i;
  const generated = (name) => /^(css|sc|jss|_|svelte)-?|[_-](?=[a-z0-9]*\d)[a-z0-9]{5,}$|^[a-z0-9]*\d[a-z0-9]*\d|:|\[/i.test(name);
  const lasting = (element) => [...element.classList].filter((name) => !generated(name) && !state.test(name) && !fleeting.includes(name));
  const named = ['data-testid', 'data-test', 'data-cy', 'data-qa', 'name', 'autocomplete', 'aria-label', 'placeholder', 'role', 'type'];

  // ---- selectors --------------------------------------------------------------------------------------------------
  const forms = (element, loose = false) => {
    const found = [];
    if (element.id && !generated(element.id) && !/\d/.test(element.id)) found.push(`#${CSS.escape(element.id)}`);
    for (const name of named) {
      const value = element.getAttribute(name);
      if (value && !(name === 'type' && value === 'text')) found.push(`${name.startsWith('data-') ? '' : element.localName}[${name}=${quoted(value)}]`);
    }
    for (const name of lasting(element)) found.push(`.${CSS.escape(name)}`);
    if (lasting(element).length > 1) found.push(lasting(element).map((name) => `.${CSS.escape(name)}`).join(''));
    if (loose) for (const name of element.classList) if (!generated(name)) found.push(`.${CSS.escape(name)}`);
    found.push(element.localName);
    return found;
  };
  // The shortest that matches this element alone among the visible ones below `root`.
  const unique = (element, root = document) => {
    const alone = (selector) => {
      const found = all(selector, root);
      return found.includes(element) && found.filter((other) => other === element || (root === document ? visible(other) : true)).length === 1;
    };
    for (const selector of [...forms(element), ...forms(element, true)]) if (alone(selector)) return selector;
    const up = element.parentElement;
    const above = !up || up === document.documentElement ? '' : up === root ? ':scope' : unique(up, root);
    if (!above) return '';
    const place = [...up.children].filter((child) => child.localName === element.localName).indexOf(element) + 1;
    for (const selector of [...forms(element), `${element.localName}:nth-of-type(${place})`]) {
      if (alone(`${above} > ${selector}`)) return `${above} > ${selector}`;
    }
    return '';
  };
  // What a list and its like children are called together.
  const alike = (one, other) => one.localName === other.localName && (lasting(one).length === 0 || lasting(one).some((name) => other.classList.contains(name)));
  // All rows of the row's kind: those beside it, and those of other sections of the list, which hold what these share.
  const kin = (row) => {
    const peers = [...row.parentElement.children].filter((child) => alike(child, row));
    const shared = lasting(row).filter((name) => peers.every((peer) => peer.classList.contains(name)));
    if (!shared.length) return peers;
    const everywhere = all(row.localName + shared.map((name) => `.${CSS.escape(name)}`).join('')).filter((other) => other.getAttribute('role') === row.getAttribute('role'));
    const nested = everywhere.some((one) => everywhere.some((other) => one !== other && one.contains(other)));
    return nested ? peers : everywhere;
  };
  const rowsSelector = (row) => {
    const rows = kin(row);
    // What one row alone is called says who is in it, and maybe how much there is to read.
    const shared = forms(row).filter((selector) => !/^#|\[(aria-label|placeholder)/.test(selector) && rows.every((other) => other.matches(selector)));
    const own = shared.find((selector) => all(selector).length === rows.length && !/^\w+$/.test(selector));
    if (own) return { selector: own, count: rows.length };
    const where = unique(row.parentElement);
    const child = shared[0] ?? row.localName;
    return { selector: where ? `${where} > ${child}` : child, count: [...row.parentElement.children].filter((other) => other.matches(child)).length };
  };
  const within = (row, element) => (element === row ? '' : unique(element, row));

  // ---- texts ------------------------------------------------------------------------------------------------------
  const ownText = (element) => squeezed([...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join(''));
  const deepest = (holds, root = document.body) => all('*', root).filter((element) => !/^(SCRIPT|STYLE|TITLE|OPTION)$/.test(element.nodeName) && visible(element) && holds(element) && ![...element.children].some(holds));
  // What pops up over the page to tell of a message, and goes again, is neither its list nor its chat.
  const popup = '[role=alert], [role=alertdialog], [aria-live=assertive], [data-sonner-toaster], [class*=toast i], [class*=snackbar i], [class*=notification i], [class*=notice i]';
  const popsUp = (element) => {
    const it = element.closest(popup);
    return Boolean(it) && !it.contains(composer() ?? document.body);
  };
  const withText = (text, root) => deepest((element) => squeezed(element.textContent).includes(text), root).filter((element) => root || !popsUp(element));
  const isRowLike = (element) => /^(li|tr|a|button)$/.test(element.localName) || /^(listitem|row|option|treeitem|link|button|tab)$/.test(element.getAttribute('role') ?? '') || element.localName.includes('-');
  // Rows of a list are alike and each holds more than a number; what people click on is one before what is only alike.
  const climb = (element) => {
    let best = null;
    let alone = null;
    for (let it = element; it.parentElement && it !== document.body; it = it.parentElement) {
      const peers = [...it.parentElement.children].filter((child) => alike(child, it) && visible(child) && /\D/.test(squeezed(child.textContent)));
      const like = isRowLike(it);
      if (like && peers.length > 1) return it;
      if (like) alone ??= it;
      if (peers.length > Math.max(1, best?.peers ?? 0)) best = { it, peers: peers.length };
    }
    return alone ?? best?.it ?? element;
  };

  const lower = (element) => squeezed(element.textContent).toLowerCase();
  const hasWords = (text, words) => new RegExp(`(?<![\\p{L}\\p{N}])${words.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'u').test(text);
  const editable = 'textarea, [contenteditable=""], [contenteditable=true], [role=textbox]';
  const composer = () => {
    const fields = all(`${editable}, input[type=text], input:not([type])`).filter(visible);
    const typed = fields.filter((field) => !/search|filter/i.test(`${field.type} ${field.placeholder} ${field.getAttribute('aria-label')}`));
    typed.sort((one, other) => other.getBoundingClientRect().top - one.getBoundingClientRect().top);
    return typed[0] ?? null;
  };
  // The open chat lies around the composer: its heading and the authors of its messages are no rows of the list.
  const outside = (found) => {
    for (let it = composer(); it; it = it.parentElement) {
      const near = found.filter(({ row }) => it.contains(row));
      if (near.length) return near.length < found.length ? found.filter((one) => !near.includes(one)) : found;
    }
    return found;
  };
  const kept = { row: null, before: null, classes: [], selectors: [] };
  const attributes = (element) => [element, ...all('*', element)].flatMap((part) => [...part.attributes].map(({ name, value }) => [part, name, value]));

  return {
    form() {
      const password = all('input[type=password]').find(visible);
      if (!password) return null;
      const root = password.form ?? document;
      const fields = all('input:not([type=hidden]):not([type=checkbox]):not([type=submit]):not([type=button])', root).filter(visible);
      const username = fields[fields.indexOf(password) - 1] ?? fields.find((field) => field !== password);
      const buttons = all('[type=submit], button, [role=button], input[type=button]', root).filter(visible);
      const after = buttons.filter((button) => password.compareDocumentPosition(button) & 4);
      const submit = after.find((button) => button.type === 'submit') ?? after[0] ?? buttons[0];
      if (!username || !submit) return null;
      return { username: unique(username), password: unique(password), submit: unique(submit) };
    },
    // The row with a name in it: among the rows of the list (`known` selects them) where that is known; a list's row
    // rather than a heading; then one that reads the name and nothing else.
    chatCalled(names, known = '') {
      const listed = known ? all(known) : [];
      const score = (row) => (isRowLike(row) ? 2 : 0) + ([...(row.parentElement?.children ?? [])].filter((child) => alike(child, row)).length > 1 ? 1 : 0);
      for (const rowOf of [(element) => listed.find((row) => row.contains(element)), climb]) {
        for (const name of names.map((it) => it.toLowerCase())) {
          for (const holds of [hasWords, (text) => text.includes(name)]) {
            const texts = deepest((element) => holds(lower(element), name));
            const found = texts.map((element) => ({ row: rowOf(element), whole: lower(element) === name ? 1 : 0 })).filter(({ row }) => row && (listed.includes(row) || score(row)));
            const rows = outside(found).sort((one, other) => score(other.row) - score(one.row) || other.whole - one.whole);
            if (rows.length) return rows[0].row;
          }
        }
      }
      return null;
    },
    composer,
    selectorOf: (element) => unique(element),
    sendButton(composer) {
      for (let it = composer.parentElement; it; it = it.parentElement) {
        const buttons = all('button, [role=button], input[type=submit], input[type=button]', it).filter((button) => visible(button) && composer.compareDocumentPosition(button) & 4);
        if (buttons.length) return buttons.find((button) => button.type === 'submit' || /send/i.test(button.outerHTML)) ?? buttons.at(-1);
      }
      return null;
    },
    // ---- what changes when a message comes ------------------------------------------------------------------------
    watch() {
      kept.observer?.disconnect();
      const changed = new Set();
      const observer = new MutationObserver((records) => {
        for (const { target, addedNodes } of records) {
          for (const node of [target, ...addedNodes]) {
            const element = node.nodeType === 1 ? node : node.parentElement;
            if (element) changed.add(element);
          }
        }
      });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
      kept.changed = changed;
      kept.observer = observer;
    },
    shows: (text) => withText(text).length > 0,
    isEmpty: (text) => !all('textarea, input').some((field) => field.value === text) && !all('[contenteditable=""], [contenteditable=true]').some((field) => field.textContent === text),
    // Whether a message is shown elsewhere than in the list: in the open chat, then.
    isShownApart: (text, row) => withText(text).some((element) => !element.closest(editable) && !kin(row).some((it) => it.contains(element))),
    // The row of another chat than that which is called one of `names`.
    anotherRow: (row, names) => kin(row).find((other) => other !== row && visible(other) && !names.some((name) => lower(other).includes(name.toLowerCase()))) ?? null,
    // The row that changed: by the text of a message in it, or else by a number that is new; rather one of the list,
    // where that is known, than what the open chat shows.
    changedRow(texts, known = '') {
      const listed = known ? all(known) : [];
      const first = (elements) => elements.find((element) => listed.some((row) => row.contains(element))) ?? elements[0];
      const live = [...kept.changed].filter((element) => element.isConnected && element !== document.body);
      const preview = first(texts.flatMap((text) => withText(text)).filter((element) => !element.closest('textarea, [contenteditable]')));
      const leaves = live.flatMap((element) => [element, ...all('*', element)]).filter((element) => !element.children.length && visible(element));
      const badge = first(leaves.filter((element) => /^\d{1,3}$/.test(squeezed(element.textContent))));
      const found = first([preview, badge].filter(Boolean));
      return found ? (listed.find((row) => row.contains(found)) ?? climb(found)) : null;
    },
    numbers: (row) => deepest((element) => /^\d{1,4}$/.test(squeezed(element.textContent)), row).map((element) => ({ selector: within(row, element), value: Number(squeezed(element.textContent)) })),
    reads: (row, selector) => squeezed((selector ? row.querySelector(selector) : row)?.textContent ?? ''),
    rows: (row) => ({ ...rowsSelector(row), place: kin(row).indexOf(row) }),
    part(row, text) {
      const found = withText(text, row)[0] ?? (squeezed(row.textContent).includes(text) ? row : null);
      if (!found) return null;
      const whole = squeezed(found.textContent);
      const extra = [...found.children].filter((child) => !squeezed(child.textContent).includes(text) && squeezed(child.textContent));
      return { selector: within(row, found), whole, without: extra.map((child) => forms(child)[0]).join(', ') };
    },
    name(row, titles, not) {
      const texts = deepest((element) => /\p{L}/u.test(ownText(element)), row).filter((element) => !not.some((text) => text && squeezed(element.textContent).includes(text)));
      const known = texts.find((element) => titles.some((title) => squeezed(element.textContent).toLowerCase() === title.toLowerCase()));
      const like = known ?? texts.find((element) => titles.some((title) => squeezed(element.textContent).toLowerCase().includes(title.toLowerCase())));
      const found = like ?? texts.find((element) => !/^\d{1,2}:\d\d|ago$|^(today|yesterday|now)$/i.test(squeezed(element.textContent)));
      return found ? { selector: within(row, found), text: squeezed(found.textContent), sure: Boolean(like) } : null;
    },
    // Attributes that could tell a row from the others, the likeliest first. A list may show one chat, which is called
    // one of `names`, twice.
    keys(row, names = []) {
      const again = (other) => names.some((name) => squeezed(other.textContent).toLowerCase().includes(name.toLowerCase()));
      const peers = kin(row).filter((other) => other !== row && !again(other));
      const likely = (name) => (/^data-.*(id|key|jid|room|chat|name)/.test(name) ? 0 : name.startsWith('data-') ? 1 : name === 'id' ? 2 : name === 'href' ? 3 : 9);
      const found = attributes(row).filter(([, name, value]) => value && likely(name) < 9 && !/^data-(testid|test|cy|qa|v-)/.test(name));
      const keys = found.map(([part, name, value]) => ({ selector: within(row, part), attribute: name, value, rank: likely(name) }));
      const distinct = keys.filter(({ selector, attribute, value }) => peers.every((peer) => {
        const part = selector ? peer.querySelector(selector) : peer;
        return !part || part.getAttribute(attribute) !== value;
      }));
      return distinct.sort((one, other) => one.rank - other.rank).slice(0, 5);
    },
    remember(row) {
      kept.classes = [...row.classList];
      kept.selectors = attributes(row).flatMap(([part, name, value]) => (name === 'class' ? [...part.classList].map((token) => `.${CSS.escape(token)}`) : [`[${name}=${quoted(value)}]`]));
      kept.before = attributes(row).map(([part, name, value]) => `${part === row ? '' : within(row, part)}|${name}|${value}`);
    },
    // What says of a row that it is unread since it was remembered: by a class, or by a name that tells.
    mark(row) {
      const found = attributes(row).flatMap(([part, name, value]) => {
        if (name !== 'class') return /unread|unseen/i.test(`${name} ${value}`) && value !== 'false' ? [[part, name, `[${name}=${quoted(value)}]`]] : [];
        return [...part.classList].map((token) => [part, name, `.${CSS.escape(token)}`]);
      });
      const others = kin(row).filter((other) => other !== row);
      const fresh = found.filter(([, , selector]) => !kept.selectors.includes(selector) && others.every((other) => !other.matches(selector) && !other.querySelector(selector)));
      const [best] = fresh.sort(([, , one], [, , other]) => /unread|unseen/i.test(other) - /unread|unseen/i.test(one));
      return best ? { selector: best[2], attribute: best[1] } : null;
    },
    // The classes of the row that came or went since.
    changedClasses: (row) => [...new Set([...kept.classes, ...row.classList])].filter((name) => kept.classes.includes(name) !== row.classList.contains(name)),
    // What the row has now that it had not before, and no other row has.
    opened(row) {
      const before = new Set(kept.before);
      const peers = kin(row).filter((other) => other !== row);
      const fresh = attributes(row).filter(([part, name, value]) => !before.has(`${part === row ? '' : within(row, part)}|${name}|${value}`));
      const ranked = (name) => (/^aria-(current|selected|pressed)/.test(name) ? 0 : name === 'class' ? 2 : 1);
      for (const [part, name, value] of fresh.sort((one, other) => ranked(one[1]) - ranked(other[1]))) {
        const had = new Set(kept.before.filter((line) => line.includes('|class|')).flatMap((line) => line.split('|')[2].split(/\s+/)));
        const tests = name === 'class' ? [...part.classList].filter((token) => !had.has(token)).map((token) => `.${CSS.escape(token)}`) : name.startsWith('style') ? [] : [`[${name}=${quoted(value)}]`];
        for (const selector of tests) {
          if (peers.every((peer) => !peer.matches(selector) && !peer.querySelector(selector))) return { selector, attribute: name, alone: peers.length === 0 };
        }
      }
      return null;
    },
    // ---- the open chat --------------------------------------------------------------------------------------------
    // Two messages lie in one list: its children that hold them are its rows.
    messages(first, second, list) {
      const places = [first, second].map((text) => withText(text).filter((element) => !(list && list.contains(element)) && !element.closest(editable)).at(-1));
      if (!places[0] || !places[1]) return null;
      let common = places[0];
      while (common && !common.contains(places[1])) common = common.parentElement;
      if (!common || common === places[0]) return null;
      const [one, other] = places.map((place) => [...common.children].find((child) => child.contains(place)));
      const { selector } = rowsSelector(other);
      const text = this.part(other, second);
      const ids = this.keys(other).filter(({ attribute, selector: part }) => {
        const [mine, its] = [one, other].map((row) => (part ? row.querySelector(part) : row)?.getAttribute(attribute));
        return mine && its && mine !== its;
      });
      return { selector, matches: all(selector).length, text, id: ids[0] ?? null };
    },
  };
}
