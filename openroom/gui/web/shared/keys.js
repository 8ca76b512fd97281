// A key that an input method takes, to confirm what was chosen (Chinese, Japanese, Korean) or to give it up, is no key of
// ours: its Enter sends nothing, its Escape closes nothing. Safari ends the composition before that key comes; then only
// the code says what it was for.
const OF_THE_INPUT_METHOD = 229;

window.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === OF_THE_INPUT_METHOD) event.stopImmediatePropagation();
}, true);
