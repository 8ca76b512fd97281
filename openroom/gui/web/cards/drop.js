// Files that are dragged over the page and dropped on it, wherever that is.

/** Listen: `over` hears whether files are above the page, `dropped` gets them. What comes back ends it. */
export function onDrop(over, dropped) {
  let depth = 0;
  const files = (event) => event.dataTransfer?.types.includes("Files");
  const listeners = {
    dragenter(event) {
      if (!files(event)) return;
      event.preventDefault();
      if (++depth === 1) over(true);
    },
    dragover(event) {
      if (!files(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
    },
    dragleave(event) {
      if (files(event) && --depth <= 0) {
        depth = 0;
        over(false);
      }
    },
    drop(event) {
      if (!files(event)) return;
      event.preventDefault();
      depth = 0;
      over(false);
      if (event.dataTransfer.files.length) dropped([...event.dataTransfer.files]);
    },
  };
  for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener);
  };
}
