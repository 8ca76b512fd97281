// What tests/browser/drawn.py asks a page of stubs: every part that characters are drawn from, as lists of [tag, attributes].
async () => {
  const from = (name) => import(`/art/${name}.js`);
  const [{ Avatar, avatarArt }, hairs, bodies, look] = await Promise.all(["avatar", "avatar_hair", "avatar_body", "look"].map(from));
  const KEPT = ["d", "cx", "cy", "r", "rx", "ry", "x", "y", "width", "height", "fill", "stroke", "stroke-width", "opacity", "fill-opacity", "transform"];
  const near = (value) => typeof value === "number" ? Math.round(value * 100) / 100 : value;
  const flat = (parts, inside = "") => parts.flatMap((part) => {
    if (!part) return [];
    const [tag, attributes, children = []] = part;
    if (/glow|talk/.test(attributes.class ?? "")) return [];
    const transform = [inside, attributes.transform].filter(Boolean).join(" ");
    if (tag === "g") return flat(children, transform);
    const kept = Object.fromEntries(KEPT.filter((key) => attributes[key] !== undefined).map((key) => [key, near(attributes[key])]));
    return [[tag, { ...kept, ...(transform ? { transform } : {}) }]];
  });
  const each = (names, draw) => Object.fromEntries(names.filter(Boolean).map((name) => [name, draw(name)]));
  const whole = (art) => flat(Avatar.render.call({ art: avatarArt(art), emotion: "calm", lookX: 0, lookY: 0 })[2]);
  const human = { skin: "skin", hair: { style: "bald", colour: "hair" }, lips: "lips", brows: { colour: "brows" }, eyes: { colour: "eyes" }, clothes: { style: "sweater", colour: "main", second: "second", trim: "trim" } };
  const face = (more) => whole({ ...human, ...more });
  const OWN = { bird: ["feathers", "nape", "beak", "feet"], cat: ["fur", "chest"], lamp: ["metal", "shade", "light"], voice: ["light"] };
  const other = (name, more = {}) => whole({ species: name, ...Object.fromEntries(OWN[name].map((key) => [key, key])), eyes: { colour: "eyes" }, ...more });
  const extras = ["shawl", "scarf", "bow_tie", "tie", "necklace", "brooch", "satchel", "watch_chain", "magnifier", "towel", "headphones", "leaves", "pencil", "goggles"];
  const less = (more, base) => more.filter((one) => !base.some((other) => JSON.stringify(other) === JSON.stringify(one)));
  const base = face({});
  return {
    hair: each(look.HAIRS, (style) => { const { back, front } = hairs.hair({ hair: { style, colour: "hair" } }); return { back: flat(back), front: flat(front) }; }),
    hats: each(look.HATS, (style) => flat(hairs.hat({ hat: { style, colour: "hat", trim: "hat_trim" } }))),
    beards: each(look.BEARDS, (style) => flat(hairs.beard({ beard: { style, colour: "beard" } }))),
    moustache: flat(hairs.moustache({ beard: { style: "moustache", colour: "beard" } })),
    clothes: each(look.CLOTHES, (style) => flat(bodies.body({ skin: "skin", clothes: { style, colour: "main", second: "second", trim: "trim" } }))),
    extras: each(extras, (kind) => ({ below: flat(bodies.extras({ extras: [{ kind, colour: "extra" }] })), above: flat(bodies.extrasAbove({ extras: [{ kind, colour: "extra" }] })) })),
    glasses: each(look.GLASSES, (style) => less(face({ glasses: { style, colour: "glasses" } }), base)),
    faces: each(["oval", "round", "long", "square"], (name) => less(face({ face: name }), face({ face: name === "oval" ? "round" : "oval" }))),
    noses: each(["small", "round", "long", "hook"], (name) => face({ nose: name }).filter(([, one]) => one.stroke === "skin-0.34")),
    ages: [0, 1, 2].map((age) => less(face({ age }), base)),
    freckles: less(face({ freckles: true }), base),
    earrings: less(face({ earrings: "earrings" }), base),
    lashes: less(face({ eyes: { colour: "eyes", lashes: true } }), base),
    head: {
      neck: base.filter(([, one]) => one.fill === "skin-0.14"), ears: base.filter(([tag, one]) => tag === "ellipse" && one.fill === "skin-0.16"),
      cheeks: base.filter(([, one]) => one.fill === "#e0695c"), brows: base.filter(([, one]) => one.stroke === "brows"), mouth: base.filter(([, one]) => one.stroke === "lips"),
      eyes: base.filter(([, one]) => ["#fffaf2", "eyes", "#1d1620", "#fff"].includes(one.fill) || one.stroke === "skin-0.55"),
    },
    species: each(Object.keys(OWN), (name) => other(name)),
    perch: less(other("bird", { perch: true }), other("bird")),
    collar: less(other("cat", { collar: "collar" }), other("cat")),
  };
}
