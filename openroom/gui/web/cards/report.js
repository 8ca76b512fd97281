// What became of a card, in plain words: the server's report is English and precise; this tells it in the reader's language.
import { t, words } from "../shared/i18n.js";

/** What the server says of why, and the key of its words here; groups in the pattern become {a}, {b}. */
const WHYS = [
  [/^into the persona$/, "persona"], [/^into the description$/, "description"], [/^edited here$/, "edited"],
  [/^edited here; a card has no field/, "no_field"], [/^a card has none for visitors/, "line"], [/^it is the name here/, "nickname"], [/^a name is the same for everybody, so its macros became words: (.+)$/, "name_words"], [/^the card has none that one can read; .*till then: (.+)$/, "nameless"],
  [/^what it says of how long a reply is became voice.length: (\w+)$/, "length"],
  [/^of ([\d,]+) characters the first ([\d,]+) fit/, "fits"], [/^too many and too long greetings/, "greetings"], [/^the card greets nobody/, "greets_nobody"],
  [/^(\d+) exchanges? became (?:an )?examples?/, "examples"], [/^(\d+) exchanges? (?:is|are) over the (\d+)/, "over"], [/^(\d+) lines? answers? nobody/, "alone"],
  [/^no lines of \{\{user/, "no_talk"], [/^the reminder at the end/, "reminder"], [/^kept, not played: the reminder is/, "has_reminder"], [/^kept, not played: it is somebody/, "somebodys"],
  [/^kept, not played: it is longer than a reminder/, "long_reminder"], [/^kept, not played: it is no number/, "no_share"], [/^turns.talkativeness: (.+)$/, "talkative"], [/^a model of 4,096 tokens reads (\d+) of its (\d+) .*?; chosen by code: \S.* (?:did not answer|names no sentence)/, "small_reads_unanswered"],
  [/^a model of 4,096 tokens reads (\d+) of its (\d+) .*?; chosen by (?!code\b)/, "small_reads_chosen"], [/^a model of 4,096 tokens reads (\d+) of its (\d+)/, "small_reads"], [/^rules$/, "rules"], [/^(\d+) sentences? (?:is|are) over the (\d+)/, "over"],
  [/^a sentence of (\d+) characters was cut/, "sentence"], [/^for people; it enters no prompt/, "people"], [/^the original has (?:it|them)$/, "original"],
  [/^the original has them; here one greets/, "group"], [/^(\d+) entr(?:y|ies), in the original/, "book"], [/^(\d+) entr(?:y is|ies are) in [^:]+$/, "lore"],
  [/^drawn anew for the stage/, "drawn"], [/^not shown: /, "not_shown"], [/^the card only names it/, "only_named"], [/^the card has none, so it is drawn here$/, "drawn_here"], [/^the card has none$/, "none"],
  [/^over the (\d+) that are drawn/, "too_many"], [/^as another openroom had it/, "whole"], [/^it does not fit, or the card was edited/, "other_fits"],
  [/^nothing was edited: its own bytes/, "own_bytes"], [/^JSON has no picture/, "no_picture"], [/^JSON holds at most/, "json_most"], [/data: address$/, "inline"],
  [/^it went into a chunk/, "chunk"], [/^it went into a file of the CharX/, "charx"], [/^drawn again as a PNG/, "as_png"], [/^it is broken: /, "broken"], [/^the card has none of its own; one/, "given"],
  [/^V2 has no such field; it waits/, "parked"], [/^V2 has no such field, and/, "v2_drop"], [/^V2 does not know them/, "v2_text"], [/^the card became V(\d)/, "became"],
  [/^V1 became V2/, "v1"], [/^they had waited in extensions/, "unparked"], [/^it goes along under extensions, openroom: its secrets/, "goes_along"], [/^it goes along under extensions, openroom$/, "beside"], [/^it had been made shorter here/, "shorter"],
];
const NUMBERED = /^(alternate_greetings|mes_example)\[(\d+)\]$/;
const NAMED = /^(emotion|asset|file) (.+)$/;

/** What a part of a card is called. */
export function partName(what) {
  const numbered = what.match(NUMBERED);
  if (numbered) return t(`card.part.${numbered[1]}_one`, { at: Number(numbered[2]) + 1 });
  const named = what.match(NAMED);
  if (named) return t(`card.part.${named[1]}`, { name: named[2] });
  const key = `card.part.${what.toLowerCase().replace(/[^a-z0-9]+/g, "_")}`;
  return words.words[key] ?? what;
}

/** Of a lorebook: how many entries come up by what is said, how many are always there, how many are off. */
const LORE = /^\d+ entr(?:y is|ies are) in [^:]+: (\d+) by what is said, (\d+) always, (\d+) off$/;

function loreWords(found) {
  return ["lore", "lore_always", "lore_off"].map((key, at) => [key, Number(found[at + 1])]).filter(([, n]) => n).map(([key, n]) => t(`card.why.${key}`, { a: n, n })).join(", ");
}

/** What of a long persona a model with little room does not read: the sentences, as they are written. */
function unread(why) {
  return why.match(/^a model of 4,096 tokens reads .*; left out there: (.+)$/s)?.[1];
}

/** Why, in the reader's language where there are words for it; else as the server says it. */
export function whyWords(why) {
  const lore = why.match(LORE);
  if (lore) return loreWords(lore);
  for (const [pattern, key] of WHYS) {
    const found = why.match(pattern);
    if (found) return [t(`card.why.${key}`, { a: found[1], b: found[2], n: Number(found[1]) || 0 }), unread(why) && t("card.why.unread", { a: unread(why) })].filter(Boolean).join(". ");
  }
  return why;
}

export const CardReport = {
  name: "OrCardReport",
  props: { report: Object, open: Boolean },
  computed: {
    groups() {
      return ["dropped", "converted", "kept"].map((name) => ({ name, parts: this.merged(this.report[name] ?? []) })).filter(({ parts }) => parts.length);
    },
    sum() {
      return ["kept", "converted", "dropped"].map((name) => t(`card.count.${name}`, { n: this.report[name]?.length ?? 0 })).join(" · ");
    },
  },
  methods: {
    t,
    /** Oddities of the file, but for those that are told of a part already. */
    odd() {
      const told = new Set(["dropped", "converted", "kept"].flatMap((name) => (this.report[name] ?? []).map(({ why }) => why)));
      return (this.report.notes ?? []).filter(({ text }) => !told.has(text));
    },
    /** Parts that have one reason are told in one line. */
    merged(fates) {
      const by = new Map();
      for (const { what, why } of fates) {
        const told = whyWords(why);
        by.set(told, [...(by.get(told) ?? []), partName(what)]);
      }
      return [...by].map(([why, names]) => ({ names: [...new Set(names)].join(", "), why }));
    },
  },
  template: `
    <details class="card-report" :open="open || null" data-report>
      <summary><b>{{ t('card.report') }}</b> <span>{{ sum }}</span></summary>
      <section v-for="group in groups" :key="group.name" :data-fate="group.name"><h4>{{ t('card.fate.' + group.name) }}</h4>
        <ul><li v-for="one in group.parts" :key="one.why"><b>{{ one.names }}</b><span v-if="one.why"> – {{ one.why }}</span></li></ul></section>
      <section v-if="odd().length" data-fate="notes"><h4>{{ t('card.fate.notes') }}</h4><ul><li v-for="note in odd()" :key="note.code + note.text">{{ note.text }}</li></ul></section>
    </details>`,
};
