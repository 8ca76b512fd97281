// A chess board to click: the prop's state holds the position and the legal moves; the rules live in the server.
import { t } from "../shared/i18n.js";

const PIECES = { k: "♚", q: "♛", r: "♜", b: "♝", n: "♞", p: "♟" };
const FILES = "abcdefgh";

export const ChessBoard = {
  name: "OrChessBoard",
  props: { state: Object, room: Object, prop: String, watching: Boolean },
  emits: ["act"],
  data: () => ({ from: "", promoting: "", at: "e2", promotions: ["q", "r", "b", "n"] }),
  computed: {
    flipped() {
      return this.state.seats?.black?.id === this.room.you;
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
      this.$emit("act", { verb: "move", args: promotion ? { from: this.from, to, promotion } : { from: this.from, to } });
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

function sideOf(piece) {
  return piece === piece.toUpperCase() ? "white" : "black";
}
