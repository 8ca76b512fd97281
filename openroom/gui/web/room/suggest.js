// What one might say next: things that are possible now, asked of whoever spoke last, and one question that goes on.
import { t } from "../shared/i18n.js";
import { here, nameOf, placedProps } from "./room_model.js";
import { propText } from "./texts.js";

const LONGEST = 48;
const QUESTIONS = 4;

/** At most three { text, say }; `turn` counts one's own lines, so that the same things are not offered for ever. */
export function suggest(room, turn) {
  const cast = here(room, "character");
  if (!cast.length) return [];
  const last = [...room.log].reverse().find((event) => event.kind === "said" && cast.some((one) => one.id === event.actor));
  const name = nameOf(room, last?.actor ?? cast[0].id);
  const asks = deeds(room, turn).map((option) => t("suggest.ask", { name, deed: deedOf(room, option) }));
  const question = last ? [t(`suggest.more.${(turn + QUESTIONS - 1) % QUESTIONS}`, { name })] : [];
  return [...asks, ...question].map((text) => ({ text, say: text }));
}

/** Two options of two different things; another pair each time. What one does there oneself and what needs words is left
 *  out: nobody is asked to move a piece or to write in one's name. */
function deeds(room, turn) {
  const all = placedProps(room).flatMap(({ id, kind, about }) => {
    if (about.personal) return [];
    const first = room.options[id]?.find((option) => !option.text && propText(kind, option.label).length <= LONGEST);
    return first ? [first] : [];
  });
  return all.length < 3 ? all : [all[(turn * 2) % all.length], all[(turn * 2 + 1) % all.length]];
}

/** A label as a part of a sentence: without what stands in brackets, not capital. */
function deedOf(room, option) {
  const label = propText(room.shared.props?.[option.prop]?.kind, option.label).replace(/\s*[(（][^)）]*[)）]/g, "");
  return /^\p{Lu}\p{Ll}/u.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
}
