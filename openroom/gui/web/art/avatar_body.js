// Clothes from the neck to the floor, drawn in front of a fixed body. Each style gives a list of [tag, attributes].
import { shade } from "./colour.js";

const p = (d, fill, more = {}) => ["path", { d, fill, ...more }];
const c = (cx, cy, r, fill) => ["circle", { cx, cy, r, fill }];
const line = (d, stroke, width = 2.5) => ["path", { d, fill: "none", stroke, "stroke-width": width, "stroke-linecap": "round" }];

const ROBE = "M62,214 C68,190 88,182 106,180 L134,180 C152,182 172,190 178,214 C190,280 195,350 197,418 Q160,430 120,428 Q80,430 43,418 C45,350 50,280 62,214 Z";
const TRUNK = "M64,214 C70,190 88,182 106,180 L134,180 C152,182 170,190 176,214 C182,262 182,300 180,330 L60,330 C58,300 58,262 64,214 Z";
const LEGS = "M64,322 L176,322 C180,360 180,392 178,424 L126,424 L120,350 L114,424 L62,424 C60,392 60,360 64,322 Z";

function arms(sleeve, dark, skin, cuff) {
  return [
    p("M64,208 C44,226 38,268 52,296 C62,312 88,316 108,308 L106,290 C92,294 80,290 76,278 C70,258 74,236 82,222 Z", sleeve),
    p("M176,208 C196,226 202,268 188,296 C178,312 152,316 132,308 L134,290 C148,294 160,290 164,278 C170,258 166,236 158,222 Z", sleeve),
    line("M76,278 C72,260 74,242 80,228", dark, 2), line("M164,278 C168,260 166,242 160,228", dark, 2),
    p("M100,289 L110,290 L111,309 L102,311 Z", cuff), p("M140,289 L130,290 L129,309 L138,311 Z", cuff),
    p("M108,290 C118,286 130,290 134,298 C134,310 122,314 110,309 Z", shade(skin, -0.06)), p("M132,290 C122,286 112,290 108,298 C110,310 120,314 130,309 Z", skin),
  ];
}

const STYLES = {
  dress: (a) => [p(ROBE, a.main), p("M62,424 C66,380 70,340 84,306 L74,308 C58,340 46,380 42,424 Z", a.dark, { opacity: 0.5 }), p("M98,181 C104,200 136,200 142,181 L134,178 L106,178 Z", a.second), ...arms(a.main, a.dark, a.skin, a.second)],
  apron: (a) => [p(ROBE, a.main), p("M88,222 L152,222 C158,260 166,340 168,408 C140,416 100,416 72,408 C74,340 82,260 88,222 Z", a.second), line("M88,222 L96,184", a.second, 5), line("M152,222 L144,184", a.second, 5), line("M82,272 C104,278 136,278 158,272", shade(a.second, -0.15), 3), p("M98,340 L142,340 L140,376 C126,380 114,380 100,376 Z", shade(a.second, -0.08)), ...arms(a.main, a.dark, a.skin, a.trim)],
  coat: (a) => [p(ROBE, a.main), p("M106,180 L120,236 L134,180 Z", a.second), p("M104,180 L92,196 L104,212 L98,222 L120,262 L120,238 Z", a.dark), p("M136,180 L148,196 L136,212 L142,222 L120,262 L120,238 Z", a.dark), line("M120,262 L121,424", a.dark, 3), ...[326, 356, 386].map((y) => c(130, y, 4.5, a.trim)), ...arms(a.main, a.dark, a.skin, a.dark)],
  uniform: (a) => [p(LEGS, a.dark), p(TRUNK, a.main), line("M120,196 L120,328", a.dark, 2.5), ...[216, 242, 268].flatMap((y) => [c(108, y, 4.5, a.trim), c(132, y, 4.5, a.trim)]), p("M98,182 L142,182 L138,200 L102,200 Z", a.dark), p("M62,210 L88,190 L94,200 L70,220 Z", a.trim), p("M178,210 L152,190 L146,200 L170,220 Z", a.trim), ...arms(a.main, a.dark, a.skin, a.trim)],
  sweater: (a) => [p(LEGS, a.second), p(TRUNK, a.main), p("M94,172 L146,172 C150,184 148,196 142,200 L98,200 C92,196 90,184 94,172 Z", a.dark), ...[0, 1, 2].map((n) => line(`M78,${236 + n * 24} q10,-9 21,0 t21,0 t21,0 t21,0`, a.trim, 3)), p("M60,318 L180,318 L180,332 L60,332 Z", a.dark), ...arms(a.main, a.dark, a.skin, a.dark)],
  waistcoat: (a) => [p(LEGS, a.dark), p(TRUNK, a.second), p("M92,184 L120,244 L148,184 L166,196 C170,250 170,300 168,336 L122,346 L118,346 L72,336 C70,300 70,250 74,196 Z", a.main), line("M120,246 L120,344", a.dark, 2.5), ...[264, 286, 324].map((y) => c(127, y, 3.8, a.trim)), line("M128,300 C140,312 152,312 160,302", a.trim, 2), ...arms(a.second, shade(a.second, -0.2), a.skin, a.second)],
  robe: (a) => [p(ROBE, a.main), p("M98,180 L126,262 L142,238 L134,180 Z", a.second), p("M142,180 L106,262 L58,424 L42,424 C44,350 50,280 62,214 C68,192 84,184 100,180 L120,222 Z", a.main), line("M142,180 L108,258", a.dark, 5), p("M74,256 C104,266 136,266 166,256 L170,288 C138,298 102,298 70,288 Z", a.trim), ...arms(a.main, a.dark, a.skin, a.second)],
  overalls: (a) => [p(LEGS, a.main), p(TRUNK, a.second), p("M86,230 L154,230 L160,336 L80,336 Z", a.main), line("M92,232 L84,190", a.main, 9), line("M148,232 L156,190", a.main, 9), c(92, 236, 5, a.trim), c(148, 236, 5, a.trim), p("M102,252 L138,252 L136,280 L104,280 Z", a.dark), ...arms(a.second, shade(a.second, -0.2), a.skin, a.second)],
  cloak: (a) => [p("M56,216 C62,188 88,180 106,178 L134,178 C152,180 178,188 184,216 C200,290 208,360 210,424 L30,424 C32,360 40,290 56,216 Z", a.main), p("M108,190 L132,190 L148,424 L92,424 Z", a.second), line("M108,192 C104,260 98,340 92,424", a.dark, 3), line("M132,192 C136,260 142,340 148,424", a.dark, 3), c(120, 194, 8, a.trim)],
};

const SHOES = { robe: 1, dress: 1, apron: 1, coat: 1, cloak: 1 };

/** Shoes and the shadow on the floor, so that a figure stands and does not hang. */
export function stand(art) {
  const dark = shade(art.clothes.colour, -0.6);
  const y = SHOES[art.clothes.style] ? 424 : 426;
  const shoe = (x) => ["path", { d: `M${x - 21},${y + 8} C${x - 22},${y - 8} ${x + 22},${y - 8} ${x + 21},${y + 8} Z`, fill: dark }];
  return [["ellipse", { cx: 120, cy: 430, rx: 92, ry: 11, fill: "#140a18", opacity: 0.38 }], shoe(94), shoe(146)];
}

export function body(art) {
  const main = art.clothes.colour;
  const given = { main, dark: shade(main, -0.24), second: art.clothes.second, trim: art.clothes.trim, skin: art.skin };
  return (STYLES[art.clothes.style] ?? STYLES.sweater)(given);
}

const EXTRAS = {
  shawl: (x) => [p("M58,214 C66,186 92,178 108,176 L120,232 L132,176 C148,178 174,186 182,214 C176,236 150,252 120,272 C90,252 64,236 58,214 Z", x), line("M70,222 C88,240 104,250 120,258", shade(x, -0.2), 2), line("M170,222 C152,240 136,250 120,258", shade(x, -0.2), 2)],
  scarf: (x) => [p("M86,168 C100,180 140,180 154,168 C160,180 158,194 150,198 C130,206 110,206 90,198 C82,194 80,180 86,168 Z", x), p("M134,196 C146,220 148,250 146,276 L126,272 C128,246 126,220 120,202 Z", shade(x, -0.14))],
  bow_tie: (x) => [p("M120,192 L98,182 L98,204 Z M120,192 L142,182 L142,204 Z", x), c(120, 192, 5, shade(x, -0.25))],
  tie: (x) => [p("M114,184 L126,184 L129,232 L120,246 L111,232 Z", x)],
  necklace: (x) => [line("M98,180 C104,208 136,208 142,180", x, 3), c(120, 205, 6, x)],
  brooch: (x) => [c(92, 214, 7, x), c(92, 214, 3, shade(x, 0.5))],
  satchel: (x) => [line("M84,190 C110,240 150,290 176,330", shade(x, -0.3), 6), p("M150,320 L196,320 L192,368 L154,368 Z", x)],
  watch_chain: (x) => [line("M124,300 C138,314 154,314 164,298", x, 3)],
  magnifier: (x) => [line("M100,186 C104,230 112,262 132,274", "#5b4630", 2), ["circle", { cx: 140, cy: 284, r: 15, fill: "#dff0f5", "fill-opacity": 0.6, stroke: x, "stroke-width": 5 }], line("M150,296 L160,312", shade(x, -0.3), 6)],
  towel: (x) => [p("M146,184 C160,186 168,196 172,210 L166,270 L142,264 L148,214 Z", x)],
};

// Drawn over the head.
const ABOVE = {
  headphones: (x) => [line("M58,176 C64,196 88,206 120,206 C152,206 176,196 182,176", x, 7), p("M46,160 C46,146 62,142 70,152 L72,182 C64,190 48,186 46,174 Z", x), p("M194,160 C194,146 178,142 170,152 L168,182 C176,190 192,186 194,174 Z", x), c(58, 167, 7, shade(x, 0.3)), c(182, 167, 7, shade(x, 0.3))],
  leaves: (x) => [[92, 44, -30], [138, 36, 24], [164, 66, 60], [74, 74, -60]].map(([cx, cy, turn]) => ["path", { d: "M0,0 C6,-14 22,-16 30,-8 C24,4 10,8 0,0 Z", fill: x, transform: `translate(${cx} ${cy}) rotate(${turn})` }]),
  pencil: (x) => [line("M78,18 L166,34", x, 6), line("M166,34 L174,36", "#2d2020", 4)],
  goggles: (x) => [line("M66,74 C90,58 150,58 174,74", shade(x, -0.4), 7), c(98, 68, 15, x), c(142, 68, 15, x), c(98, 68, 9, "#9fc4d6"), c(142, 68, 9, "#9fc4d6")],
};

export function extrasAbove(art) {
  return art.extras.flatMap(({ kind, colour }) => ABOVE[kind]?.(colour) ?? []);
}

export function extras(art) {
  return art.extras.flatMap(({ kind, colour }) => EXTRAS[kind]?.(colour) ?? []);
}
