// Quasar styles some elements by what stands before them (`a + b`, `:has(+ b)`). For each such rule Chromium looks at all that
// follows an element which comes in or goes: of a talk whose older lines come in above, every line below. No page here
// has what these rules are about, so they go; where one can't be reached, it is only slower.

const SIBLING = /[+~]/;

/** Take them out of the style sheets that the shell brings. Best before anything is drawn. */
export function dropSiblingRules() {
  for (const sheet of document.styleSheets) for (const rule of rulesOf(sheet)) if (rule.styleSheet?.href?.includes("/quasar.")) drop(rule.styleSheet);
}

function drop(owner) {
  const rules = rulesOf(owner);
  for (let at = rules.length - 1; at >= 0; at -= 1) {
    if (rules[at].selectorText === undefined) drop(rules[at]);
    else if (SIBLING.test(rules[at].selectorText)) owner.deleteRule(at);
  }
}

function rulesOf(owner) {
  try {
    return owner.cssRules ?? [];
  } catch {
    return []; // a sheet from elsewhere
  }
}
