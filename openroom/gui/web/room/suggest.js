// What one might say next: the server chooses, since it knows the cards and what one perceived (core/suggestions.py).
import { api } from "../shared/api.js";
import { words } from "../shared/i18n.js";

/** At most three { text, about, to }; none where there is no answer: nobody is kept from writing by that. */
export async function suggestions(prefix, room) {
  const address = `${prefix}/api/rooms/${encodeURIComponent(room)}/suggestions?language=${encodeURIComponent(words.language)}`;
  const answer = await api(address).catch(() => ({ suggestions: [] }));
  return answer.suggestions;
}
