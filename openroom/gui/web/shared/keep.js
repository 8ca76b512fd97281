// What this browser keeps between visits. Private windows may forbid it: then it lasts as long as the page.
const memory = {};

export const store = {
  get(key, otherwise) {
    try {
      return localStorage.getItem(key) ?? memory[key] ?? otherwise;
    } catch {
      return memory[key] ?? otherwise;
    }
  },
  set(key, value) {
    memory[key] = value;
    try {
      localStorage.setItem(key, value);
    } catch { /* kept in memory */ }
  },
};
