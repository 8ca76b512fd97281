// What of a picture's attributes may stand in a page: shapes and colours. A pack that somebody installed brings no script and
// no request, and lays nothing over the page. What is not in a list is left out, however it is written.
const STYLES = new Set(
  ("animation-delay animation-direction animation-duration animation-iteration-count animation-timing-function clip-path clip-rule color " +
    "display fill fill-opacity fill-rule font-family font-size font-style font-weight letter-spacing mask mix-blend-mode opacity " +
    "paint-order stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit " +
    "stroke-opacity stroke-width text-anchor transform transform-box transform-origin vector-effect visibility").split(" "),
);
const FUNCTIONS = new Set("rgb rgba hsl hsla translate translatex translatey rotate scale scalex scaley skewx skewy matrix cubic-bezier steps".split(" "));
const OWN = /url\(\s*(["']?)#[\w.:-]+\1\s*\)/gi; // a part of the same picture

/** Whether a value names nothing outside: no function but those in the list, nothing written in escapes or comments. */
function plain(value) {
  const rest = value.replace(OWN, "");
  if (/[\\@<>{}]|\/\*|javascript:/i.test(rest)) return false;
  return [...rest.matchAll(/([\w-]*)\s*\(/g)].every(([, name]) => FUNCTIONS.has(name.toLowerCase()));
}

function style(value) {
  const kept = [];
  for (const one of value.split(";")) {
    const [name, ...rest] = one.split(":");
    const said = rest.join(":").trim();
    if (STYLES.has(name.trim().toLowerCase()) && plain(said) && !/[:!]/.test(said.replace(OWN, ""))) kept.push(`${name.trim()}: ${said}`);
  }
  return kept.join("; ");
}

/** The value that an attribute may have in a page; null: it is left out. */
export function allowed(name, value) {
  if (name.startsWith("xmlns") || /^on/i.test(name)) return null;
  if (name === "href" || name === "xlink:href") return value.startsWith("#") ? value : null;
  if (name.toLowerCase() === "style") return style(value) || null;
  return plain(value) ? value : null;
}
