// Which of the lines that are held are drawn: at most SPAN of them, more above or below as one comes near their edge. What one
// reads stays where it is, whatever comes or goes around it.
import { nextTick } from "vue";
import { later } from "../shared/later.js";
import { hasEarlier, held, placeOf } from "./moment.js";

/** So many lines are drawn where the newest are in sight (or as many as fill the box); at most; so many more at a time. */
const NEWEST = 30;
const SPAN = 120;
const STEP = 4;
/** So near the edge of what is drawn, in px, more is when the browser has time for it; so near, at once. */
const EDGE = 800;
const BRINK = 300;
/** So near the edge of what is held, in lines, more is fetched. */
const AHEAD = 60;
/** So near the end, in px, one reads the newest. */
const NEAR_END = 80;
/** After a failure nothing is fetched for so long, in ms, unless one asks for it. */
const REST_MS = 10000;
const UPWARD = new Set(["PageUp", "Home", "ArrowUp"]);

/** For a component with `room`, and a scrolling `$refs.box` in which the lines carry `data-seq`. */
export const DrawnLines = {
  data: () => ({ from: 0, few: NEWEST, following: true, top: 0, coming: "", failed: 0 }),
  computed: {
    held() {
      return held(this.room);
    },
    /** The place of the first line that is drawn. */
    start() {
      const newest = Math.max(0, this.held.length - this.few);
      return this.from ? Math.min(placeOf(this.held, this.from), newest) : newest;
    },
    lines() {
      return this.held.slice(this.start, this.start + SPAN);
    },
    /** The newest line is drawn: what is being said now follows it. */
    atEnd() {
      return this.start + this.lines.length >= this.held.length && (!this.room.past || this.room.past.joined);
    },
    earlier() {
      return this.start === 0 && hasEarlier(this.room) === true;
    },
    later() {
      return !this.atEnd && this.start + this.lines.length >= this.held.length;
    },
  },
  beforeUpdate() {
    this.sights = this.following ? [] : this.inSight();
    this.focused = this.$refs.box?.contains(document.activeElement) ? document.activeElement : null;
  },
  updated() {
    const { box } = this.$refs;
    if (!box) return;
    const kept = this.sights.find(({ line }) => line.isConnected);
    if (kept) this.scrollTo(kept.line.offsetTop - kept.offset);
    if (this.focused && !this.focused.isConnected && document.activeElement === document.body) box.focus({ preventScroll: true });
    this.fill();
  },
  beforeUnmount() {
    this.callOff();
  },
  methods: {
    /** The lines that one sees, with how far they are from the top of the box. */
    inSight() {
      const { box } = this.$refs;
      const found = [];
      for (const line of box?.querySelectorAll("[data-seq]") ?? []) {
        const offset = line.offsetTop - box.scrollTop;
        if (offset >= box.clientHeight) break;
        if (offset + line.offsetHeight > 0) found.push({ line, offset });
      }
      return found;
    },
    /** Where one reads: { seq, offset }, or nothing at the end. */
    place() {
      const [first] = this.following ? [] : this.inSight();
      return first && { seq: Number(first.line.dataset.seq), offset: first.offset };
    },
    scrollTo(top) {
      const { box } = this.$refs;
      if (Math.abs(box.scrollTop - top) >= 1) box.scrollTop = top;
      this.top = box.scrollTop;
    },
    scrolled() {
      const { box } = this.$refs;
      if (!box) return; // a scroll that was under way when the talk went away
      // Only who scrolls up reads what was said before: a box that gets smaller or fuller is nobody's doing.
      if (this.atEnd && box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END) this.following = true;
      else if (box.scrollTop < this.top) this.stay();
      this.top = box.scrollTop;
      this.fill();
    },
    /** One reads here: what comes does not take the lines away. */
    stay() {
      this.following = false;
      this.from ||= this.lines[0]?.seq ?? 0;
    },
    /** Somebody wants up where there is nothing to scroll any more. */
    upward({ key }) {
      const { box } = this.$refs;
      if (box.scrollTop > 0 || (key && !UPWARD.has(key))) return;
      if (this.start === 0) {
        this.read("earlier");
        return;
      }
      this.stay();
      this.draw(this.start - STEP);
    },
    /** Draw more where one comes near the edge, and fetch more before it is missed. */
    fill() {
      const { box } = this.$refs;
      if (!box || this.following) return;
      const end = this.start + this.lines.length;
      const below = box.scrollHeight - box.scrollTop - box.clientHeight;
      if (box.scrollTop < EDGE) {
        if (this.start > 0) this.drawSoon(-STEP, box.scrollTop);
        if (this.start < AHEAD) this.readSoon("earlier");
      } else if (below < EDGE) {
        if (end < this.held.length) this.drawSoon(STEP, below);
        if (this.held.length - end < AHEAD && this.room.past && !this.room.past.joined) this.readSoon("later");
      }
    },
    /** Draw that many lines more, `near` px from the edge: between two frames, or now, where there is not much left. */
    drawSoon(by, near) {
      if (near > BRINK) {
        this.drawing ??= later(() => {
          this.drawing = null;
          this.draw(this.start + by);
        }, true);
        return;
      }
      this.callOff();
      this.draw(this.start + by);
    },
    /** What was to be drawn later is drawn now, or not any more. */
    callOff() {
      this.drawing?.();
      this.drawing = null;
    },
    draw(start) {
      this.from = this.held[Math.max(0, Math.min(start, this.held.length - 1))]?.seq ?? 0;
    },
    readSoon(where) {
      if (Date.now() - this.failed > REST_MS) this.read(where);
    },
    /** Have more of the story fetched. */
    read(where) {
      if (this.coming || (where === "earlier" && hasEarlier(this.room) === false)) return;
      this.coming = where;
      const done = (came) => {
        this.coming = "";
        this.failed = came ? 0 : Date.now();
      };
      this.$emit("read-on", { where, done });
    },
    async follow() {
      if (this.following) this.from = 0;
      await nextTick();
      const { box } = this.$refs;
      if (!box || !this.following) return;
      const end = box.scrollHeight - box.clientHeight;
      const begins = this.firstWords();
      if (begins !== null && begins < end) {
        this.scrollTo(begins);
        if (begins + NEAR_END < end) this.stay();
        return;
      }
      this.scrollTo(box.scrollHeight);
      if (this.start > 0 && this.few < SPAN && box.scrollHeight - box.clientHeight < NEAR_END) {
        this.few += NEWEST;
        this.follow();
      }
    },
  },
};
