// Small drawn signs, in the colour of the words beside them.
const SIGNS = {
  more: "M5.5 12 h.01 M12 12 h.01 M18.5 12 h.01",
  good: "M4 11 h3.5 v8.5 H4 Z M7.5 11 L11 4.2 c1.9 0 2.6 1.3 2.2 3 L12.7 9.8 h5.1 c1.5 0 2.4 1.2 2 2.6 l-1.5 5.5 c-.3 1-1.1 1.6-2.2 1.6 H7.5",
  bad: "M4 13 h3.5 V4.5 H4 Z M7.5 13 L11 19.8 c1.9 0 2.6-1.3 2.2-3 L12.7 14.2 h5.1 c1.5 0 2.4-1.2 2-2.6 l-1.5-5.5 c-.3-1-1.1-1.6-2.2-1.6 H7.5",
  retry: "M19.4 13.4 a7.6 7.6 0 1 1 -1.6 -6.3 M18.3 3.2 v4.3 h-4.3",
  wish: "M4 5 h16 v11 h-8.5 l-4 3.8 V16 H4 Z M8.5 9 h7 M8.5 12.2 h4.5",
  go_on: "M5.5 6 l6 6 l-6 6 M12.5 6 l6 6 l-6 6",
  edit: "M4.5 19.5 l1-4.3 L15.7 5 l3.3 3.3 L8.8 18.5 Z M13.2 7.5 l3.3 3.3",
  back: "M9 5 L4 10 l5 5 M4 10 h10 a5 5 0 0 1 0 10 h-3",
  fork: "M6 3 V21 M6 14 C6 9 18 12 18 5 M14 8 L18 4 L22 8",
  prompt: "M6 3.5 h9 l3.5 3.5 V20.5 H6 Z M9.2 10 h6 M9.2 13.5 h6 M9.2 17 h3.5",
  link: "M10 14.2 a3.8 3.8 0 0 0 5.6 .3 l3.2-3.2 a3.9 3.9 0 0 0 -5.5-5.5 l-1.5 1.5 M14 9.8 a3.8 3.8 0 0 0 -5.6-.3 l-3.2 3.2 a3.9 3.9 0 0 0 5.5 5.5 l1.5-1.5",
  erase: "M4.5 7 h15 M9 7 V4.3 h6 V7 M6.8 7 l.9 12.7 h8.6 L17.2 7 M10.3 10.5 l.3 6 M13.7 10.5 l-.3 6",
};

export const Icon = {
  name: "OrIcon",
  props: { of: String },
  data: () => ({ SIGNS }),
  template: `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path :d="SIGNS[of]" fill="none" stroke="currentColor" :stroke-width="of === 'more' ? 3.2 : 1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>`,
};
