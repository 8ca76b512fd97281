// What this browser keeps between visits (`store`), or for this tab's visit (`visit`). It may forbid that, and then even
// looking throws: what is kept then lasts as long as the page.
function kept(where) {
  const memory = {};
  return {
    get(key, otherwise) {
      try {
        return where().getItem(key) ?? memory[key] ?? otherwise;
      } catch {
        return memory[key] ?? otherwise;
      }
    },
    set(key, value) {
      memory[key] = value;
      try {
        where().setItem(key, value);
      } catch { /* kept in memory */ }
    },
    drop(key) {
      delete memory[key];
      try {
        where().removeItem(key);
      } catch { /* it never was there */ }
    },
  };
}

export const store = kept(() => localStorage);
export const visit = kept(() => sessionStorage);
