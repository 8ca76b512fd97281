// A chess board to click: the prop's state holds the position (FEN); the rules live in the server, which refuses what is not legal.
import { t } from "./i18n.js";

const PIECES = { k: "♚", q: "♛", r: "♜", b: "♝", n: "♞", p: "♟" };
const FILES = "abcdefgh";

export const ChessBoard = {
  name: "OrChessBoard",
  props: { state: Object, room: Object, prop: String, watching: Boolean },
  emits: ["act"],
  data: () => ({ from: "" }),
  computed: {
    squares() {
      const [ranks] = (this.state.fen ?? "8/8/8/8/8/8/8/8").split(" ");
      return ranks.split("/").flatMap((rank, row) => {
        const cells = [...rank].flatMap((sign) => (/\d/.test(sign) ? Array(Number(sign)).fill("") : [sign]));
        return cells.map((piece, column) => ({ id: FILES[column] + (8 - row), piece, dark: (row + column) % 2 === 1 }));
      });
    },
    moves() {
      return this.room.options.filter((option) => option.prop === this.prop && option.args && uci(option.args)).map((option) => ({ option, uci: uci(option.args) }));
    },
    targets() {
      return new Set(this.moves.filter((move) => move.uci.startsWith(this.from)).map((move) => move.uci.slice(2, 4)));
    },
    last() {
      const moves = this.state.moves ?? [];
      const last = moves[moves.length - 1] ?? this.state.last ?? "";
      return typeof last === "string" && /^[a-h][1-8][a-h][1-8]/.test(last) ? last : "";
    },
    turn() {
      return (this.state.fen ?? " w").split(" ")[1] === "b" ? "black" : "white";
    },
  },
  methods: {
    t,
    symbol: (piece) => PIECES[piece.toLowerCase()] ?? "",
    label(square) {
      const piece = square.piece ? t(`chess.${square.piece === square.piece.toUpperCase() ? "white" : "black"}.${square.piece.toLowerCase()}`) : t("chess.empty");
      return `${square.id}: ${piece}`;
    },
    press(square) {
      if (this.watching) return;
      if (!this.from) {
        if (square.piece) this.from = square.id;
        return;
      }
      const from = this.from;
      this.from = "";
      if (from === square.id) return;
      const piece = this.squares.find((one) => one.id === from).piece;
      if (square.piece && sameSide(piece, square.piece)) this.from = square.id;
      else this.$emit("act", this.action(from, square.id, piece));
    },
    /** The offered move if there is one (a pawn at its end becomes a queen), else the plain wish, which the server judges. */
    action(from, to, piece) {
      const offered = this.moves.find((move) => move.uci === from + to || move.uci === `${from}${to}q`);
      if (offered) return { verb: offered.option.verb, args: offered.option.args };
      const promotes = piece.toLowerCase() === "p" && /[18]$/.test(to);
      return { verb: "move", args: { move: from + to + (promotes ? "q" : "") } };
    },
    arrows(event, index) {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -8, ArrowDown: 8 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.$refs.square[index + step]?.focus();
    },
  },
  template: `
    <div class="chess">
      <p class="hint" role="status">{{ state.result ? t('chess.over', { result: state.result }) : t('chess.turn.' + turn) }}</p>
      <div class="chess-board" role="group" :aria-label="t('chess.board')">
        <button v-for="(square, index) in squares" :key="square.id" ref="square" type="button" :data-square="square.id" :tabindex="square.id === (from || 'e2') ? 0 : -1" :class="{ dark: square.dark, from: square.id === from, target: targets.has(square.id) && from, last: last.includes(square.id), white: square.piece && square.piece === square.piece.toUpperCase() }" :aria-label="label(square)" :aria-pressed="square.id === from ? 'true' : 'false'" @click="press(square)" @keydown="arrows($event, index)">{{ symbol(square.piece) }}</button>
      </div>
    </div>`,
};

function uci(args) {
  const value = args.move ?? args.uci ?? (args.from && args.to ? `${args.from}${args.to}` : "");
  return typeof value === "string" && /^[a-h][1-8][a-h][1-8][qrbn]?$/.test(value) ? value : "";
}

function sameSide(one, other) {
  return (one === one.toUpperCase()) === (other === other.toUpperCase());
}
