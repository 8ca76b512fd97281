// A chess board to click: the prop's state holds the position and the legal moves; the rules live in the server.
import { t } from "openroom-gui/shared/i18n.js";

const PIECES = { k: "♚", q: "♛", r: "♜", b: "♝", n: "♞", p: "♟" };
const FILES = "abcdefgh";

/** Moves are made on the board. */
export const verbs = ["move"];

export default {
  name: "OrChessBoard",
  props: { state: Object, you: String, watching: Boolean },
  emits: ["use"],
  data: () => ({ from: "", promoting: "", at: "e2", promotions: ["q", "r", "b", "n"] }),
  computed: {
    flipped() {
      return this.state.seats?.black?.id === this.you;
    },
    squares() {
      const [ranks] = (this.state.fen ?? "8/8/8/8/8/8/8/8").split(" ");
      const cells = ranks.split("/").flatMap((rank, row) => {
        const signs = [...rank].flatMap((sign) => (/\d/.test(sign) ? Array(Number(sign)).fill("") : [sign]));
        return signs.map((piece, column) => ({ id: FILES[column] + (8 - row), piece, dark: (row + column) % 2 === 1 }));
      });
      return this.flipped ? cells.reverse() : cells;
    },
    targets() {
      return new Set(this.state.legal?.[this.from] ?? []);
    },
    last() {
      const played = this.state.played ?? [];
      const move = played[played.length - 1] ?? "";
      return [move.slice(0, 2), move.slice(2, 4)];
    },
    seats() {
      return ["white", "black"].map((colour) => ({ colour, name: this.state.seats?.[colour]?.name ?? "" }));
    },
    moves() {
      const san = this.state.moves ?? [];
      return san.reduce((text, move, index) => text + (index % 2 ? ` ${move}` : `${index ? "  " : ""}${index / 2 + 1}. ${move}`), "");
    },
  },
  methods: {
    t,
    symbol: (piece) => PIECES[piece.toLowerCase()] ?? "",
    label(square) {
      const piece = square.piece ? t(`chess.${sideOf(square.piece)}.${square.piece.toLowerCase()}`) : t("chess.empty");
      return `${square.id}: ${piece}`;
    },
    press(square) {
      this.at = square.id;
      this.promoting = "";
      if (this.watching || this.state.result) return;
      const piece = this.squares.find((one) => one.id === this.from)?.piece;
      if (!this.from || (square.piece && sideOf(square.piece) === sideOf(piece))) {
        this.from = square.piece && square.id !== this.from ? square.id : "";
        return;
      }
      if (piece.toLowerCase() === "p" && /[18]$/.test(square.id) && this.targets.has(square.id)) this.promoting = square.id;
      else this.move(square.id);
    },
    move(to, promotion) {
      this.$emit("use", { verb: "move", args: promotion ? { from: this.from, to, promotion } : { from: this.from, to } });
      Object.assign(this, { from: "", promoting: "" });
    },
    arrows(event, index) {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -8, ArrowDown: 8 }[event.key];
      const next = step && this.$refs.square[index + step];
      if (!next) return;
      event.preventDefault();
      this.at = this.squares[index + step].id;
      next.focus();
    },
  },
  template: `
    <div class="chess">
      <p class="seats"><span v-for="seat in seats" :key="seat.colour" :class="[seat.colour, { on: state.turn === seat.colour && !state.result }]">{{ seat.name || t('chess.free') }}</span></p>
      <p class="hint" role="status">{{ state.result ? t('chess.over', { result: state.result }) : t('chess.turn.' + (state.turn || 'white')) }}<template v-if="state.check && !state.result"> · {{ t('chess.check') }}</template></p>
      <div class="chess-board" role="group" :aria-label="t('chess.board')">
        <button v-for="(square, index) in squares" :key="square.id" ref="square" type="button" :data-square="square.id" :tabindex="square.id === at ? 0 : -1" :class="{ dark: square.dark, from: square.id === from, target: targets.has(square.id), last: last.includes(square.id), white: square.piece && square.piece === square.piece.toUpperCase() }" :aria-label="label(square)" :aria-pressed="square.id === from ? 'true' : 'false'" @click="press(square)" @keydown="arrows($event, index)">{{ symbol(square.piece) }}</button>
      </div>
      <div v-if="promoting" class="row promote" role="group" :aria-label="t('chess.promote')"><button v-for="piece in promotions" :key="piece" type="button" :aria-label="t('chess.white.' + piece)" @click="move(promoting, piece)">{{ symbol(piece) }}</button></div>
      <p v-if="moves" class="moves">{{ moves }}</p>
    </div>`,
};

export const style = `
.chess-board { display: grid; grid-template: repeat(8, 1fr) / repeat(8, 1fr); aspect-ratio: 1; border: 3px solid #6b4630; border-radius: 8px; overflow: hidden; margin-top: 8px; }
.panel .chess-board button { border: 0 !important; border-radius: 0 !important; padding: 0 !important; min-height: 0 !important; min-width: 0; background: #f0dcb8 !important; color: #2a1d1a !important; font: 1.72rem/1 "DejaVu Sans", "Segoe UI Symbol", serif; }
.panel .chess-board button.dark { background: #b98b5e !important; }
.panel .chess-board button.white { color: #fffaf0 !important; text-shadow: 0 0 1px #2a1d1a, 0 0 2px #2a1d1a, 0 1px 1px #2a1d1a; }
.panel .chess-board button.last { box-shadow: inset 0 0 0 3px #e0a14a; }
.panel .chess-board button.from { background: #e8b45a !important; }
.panel .chess-board button.target { box-shadow: inset 0 0 0 4px #6b8f4a; }
.seats { display: flex; justify-content: space-between; gap: 10px; margin-top: 6px !important; }
.seats span { display: inline-flex; gap: 8px; align-items: center; padding: 2px 8px; border-radius: 999px; }
.seats span::before { content: ""; width: 14px; height: 14px; border-radius: 50%; border: 1.5px solid #6b4630; background: #fffaf0; }
.seats .black::before { background: #2a1d1a; }
.seats .on { background: var(--paper-3); font-weight: 600; }
.moves { margin-top: 8px !important; font-size: 0.86rem; color: var(--ink-soft); white-space: pre-wrap; max-height: 4.6em; overflow-y: auto; }
.panel .promote button { font-size: 1.5rem; padding: 2px 14px; }
`;

function sideOf(piece) {
  return piece === piece.toUpperCase() ? "white" : "black";
}
