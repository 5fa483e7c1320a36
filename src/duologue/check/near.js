// Why a selector matches nothing: the longest part of it that does match, and what is there.
(selector) => {
  const count = (text) => {
    try {
      return document.querySelectorAll(text).length;
    } catch {
      return 0;
    }
  };
  // The compounds and the combinators between them: `.list > li.row` is `.list`, ` > `, `li.row`.
  const pieces = selector.match(/\s*[>+~]\s*|\s+|(?:\[(?:"[^"]*"|'[^']*'|[^\]])*\]|\((?:[^()]|\([^()]*\))*\)|[^\s>+~[(])+/g) ?? [];
  const show = ({ localName, classList }) => localName + [...classList].slice(0, 2).map((name) => `.${name}`).join('');
  const children = (element) => {
    const kinds = new Map();
    for (const child of element.children) kinds.set(show(child), (kinds.get(show(child)) ?? 0) + 1);
    const listed = [...kinds].slice(0, 5).map(([kind, number]) => `${number} × ${kind}`).join(', ');
    return `${element.children.length} ${element.children.length === 1 ? 'child' : 'children'}${listed && `: ${listed}`}${kinds.size > 5 ? ', …' : ''}`;
  };
  // A little of the last compound off at a time: `.badge:not(.hidden)` may lack nothing but its `:not(.hidden)`.
  for (let last = pieces.length - 1; last >= 0; last -= 2) {
    const before = pieces.slice(0, last).join('');
    const bits = pieces[last].match(/::?[\w-]+(?:\((?:[^()]|\([^()]*\))*\))?|\[(?:"[^"]*"|'[^']*'|[^\]])*\]|[.#]?[\w-]+|\*/g) ?? [];
    for (let kept = last === pieces.length - 1 ? bits.length - 1 : bits.length; kept > 0; kept -= 1) {
      const shorter = (before + bits.slice(0, kept).join('')).trim();
      const found = count(shorter);
      if (!found) continue;
      const [element] = document.querySelectorAll(shorter);
      return `${shorter} matches ${found}${found > 1 ? ', the first of which' : ', which'} has ${children(element)}`;
    }
  }
  return 'no part of it matches anything';
}
