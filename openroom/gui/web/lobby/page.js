// The lobby: rooms that go on, and scenes to start one of one's own from.
import { nextTick } from "vue";
import { Avatar } from "../art/avatar.js";
import { DoorPicture } from "../art/door.js";
import { avatarOf, Picture } from "../art/picture.js";
import { BringCard } from "../cards/bring.js";
import { onDrop } from "../cards/drop.js";
import { ACCEPTED } from "../cards/send.js";
import { Shelf } from "../cards/shelf.js";
import { newSearch, SearchPanel } from "../search/panel.js";
import { bringTalk, whyNotBrought } from "../room/earlier_talk.js";
import { api } from "../shared/api.js";
import { ago, because, loadWords, t, words } from "../shared/i18n.js";
import { modelChip } from "../shared/model_chip.js";
import { Spoken } from "../shared/spoken.js";
import { ThemeButton } from "../shared/theme.js";

const EVERY_MS = 6000;

export const LobbyPage = {
  name: "OrLobbyPage",
  components: { Avatar, BringCard, DoorPicture, Picture, SearchPanel, Shelf, Spoken, ThemeButton },
  props: { prefix: String, language: String, languages: Object },
  data: () => ({ words, rooms: null, scenes: [], problems: [], warnings: [], model: null, me: null, trouble: "", starting: null, past: null, title: "", open: true, problem: "", busy: false, sure: "", accepted: ACCEPTED, files: [], brought: 0, over: false, newest: "", asking: false, seeing: false, searching: false, search: newSearch() }),
  computed: {
    chip() {
      return modelChip(this.model);
    },
    operator() {
      return this.me?.role === "operator";
    },
    /** Whether one makes what rooms are made from: then one is told what is wrong with it. */
    creates() {
      return ["creator", "operator"].includes(this.me?.role);
    },
    /** Something lies over the page, and has the keyboard. */
    veiled() {
      return this.files.length > 0 || this.asking || Boolean(this.starting) || this.searching;
    },
    sceneOf() {
      return Object.fromEntries(this.scenes.map((scene) => [scene.id, scene]));
    },
  },
  mounted() {
    document.body.classList.add("in-lobby");
    this.onKey = (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || this.veiled) return;
      event.preventDefault();
      this.seek();
    };
    window.addEventListener("keydown", this.onKey);
    this.endDrop = onDrop((over) => (this.over = over), this.bring);
  },
  async created() {
    await loadWords(this.language);
    this.me = await api(`${this.prefix}/api/session`, { method: "POST" }).catch(() => null);
    await this.load();
    this.timer = setInterval(() => !document.hidden && this.load(), EVERY_MS);
  },
  beforeUnmount() {
    clearInterval(this.timer);
    this.endDrop?.();
    window.removeEventListener("keydown", this.onKey);
  },
  methods: {
    t, ago, because,
    async load() {
      try {
        const [rooms, scenes, model] = await Promise.all([api(`${this.prefix}/api/rooms?language=${words.language}`), api(`${this.prefix}/api/scenes?language=${words.language}`), api(`${this.prefix}/api/model`)]);
        Object.assign(this, { rooms: rooms.rooms, scenes: scenes.scenes, problems: scenes.problems ?? [], warnings: scenes.warnings ?? [], model, trouble: "" });
      } catch (error) {
        this.trouble = error.status === 0 ? t("lobby.restarting") : error.words;
      }
    },
    href(room) {
      return `${this.prefix}/room/${encodeURIComponent(room.id)}`;
    },
    backdrop({ scene, backdrop }) {
      return `${this.prefix}/art/scenes/${encodeURIComponent(this.sceneOf[scene]?.backdrop || backdrop || scene)}`;
    },
    cast(room) {
      return (this.sceneOf[room.scene]?.characters ?? []).filter((one) => one.body !== "none" && room.characters.includes(one.name)).slice(0, 4);
    },
    art(one) {
      return avatarOf(this.prefix, one.art || one.id);
    },
    visitors(room) {
      const names = room.here.filter((name) => !room.characters.includes(name));
      if (!room.players) return t("lobby.nobody");
      return names.length ? t("lobby.here_names", { names: names.slice(0, 4).join(", ") + (names.length > 4 ? " …" : "") }) : t("lobby.here", { n: room.players });
    },
    choose() {
      this.$refs.chooser.click();
    },
    chosen(event) {
      this.bring([...event.target.files]);
      event.target.value = "";
    },
    /** Files that came while another is looked at wait behind it. */
    bring(files) {
      this.files = [...this.files, ...files.map((file) => ({ file, key: ++this.brought }))];
    },
    came(made) {
      this.newest = made.id;
      this.load();
    },
    async see() {
      Object.assign(this, { files: [], seeing: true });
      await nextTick();
      this.look();
    },
    /** Bring the newest character into view; a shelf that is not loaded yet says when it is. */
    look() {
      const newest = this.seeing && this.$el.querySelector(`.shelf [data-shelved="${CSS.escape(this.newest)}"]`);
      if (!newest) return;
      this.seeing = false;
      newest.scrollIntoView({ block: "center" });
    },
    seek() {
      Object.assign(this, { searching: true, opener: document.activeElement });
    },
    endSearch() {
      this.searching = false;
      nextTick(() => this.opener?.focus?.());
    },
    goTo(hit) {
      location.href = `${this.href({ id: hit.room })}?at=${hit.seq}`;
    },
    begin(scene) {
      Object.assign(this, { starting: scene, past: null, title: "", open: true, problem: "", opener: document.activeElement });
      nextTick(() => this.$refs.title?.focus());
    },
    cancel() {
      this.starting = null;
      nextTick(() => this.opener?.focus?.());
    },
    async create() {
      this.busy = true;
      try {
        const room = await api(`${this.prefix}/api/rooms`, { method: "POST", body: { scene: this.starting.id, title: this.title.trim(), open: this.open } });
        if (this.past && !(await this.bringPast(room))) return;
        location.href = this.href(room);
      } catch (error) {
        this.problem = error.words;
      }
      this.busy = false;
    },
    /** A room is begun with its past, or not at all. */
    async bringPast(room) {
      try {
        await bringTalk(this.prefix, room.id, this.past);
        return true;
      } catch (error) {
        this.problem = whyNotBrought(error);
        this.busy = false;
        await api(`${this.prefix}/api/rooms/${encodeURIComponent(room.id)}`, { method: "DELETE" }).catch(() => null);
        return false;
      }
    },
    async remove(room) {
      if (this.sure !== room.id) {
        this.sure = room.id;
        return;
      }
      this.sure = "";
      try {
        await api(`${this.prefix}/api/rooms/${encodeURIComponent(room.id)}`, { method: "DELETE" });
      } catch (error) {
        this.trouble = error.words;
      }
      await this.load();
    },
  },
  template: `
    <div v-if="words.ready" class="lobby" :data-state="trouble ? 'trouble' : rooms ? 'ready' : 'loading'">
      <header class="lobby-head" :class="{ crowded: operator }" :inert="files.length > 0 || asking || searching">
        <p class="brand" aria-hidden="true"><svg viewBox="0 0 64 64"><path d="M14 58V28a18 18 0 0 1 36 0v30z" fill="#f0a868"/><path d="M20 58V29a12 12 0 0 1 24 0v29z" fill="#fbe3b5"/><circle cx="39" cy="43" r="2.6" fill="#8a4b2a"/></svg><span>openroom</span></p>
        <span class="spacer"></span>
        <span v-if="chip" class="chip model" :data-model="chip.kind" :title="chip.detail" tabindex="0"><i aria-hidden="true"></i><span class="chip-text">{{ chip.text }}</span><span class="chip-short" aria-hidden="true">{{ chip.short }}</span></span>
        <button type="button" class="round" data-search-button :aria-label="t('search.open_all')" :title="t('search.open_all')" aria-keyshortcuts="Control+K Meta+K" @click="seek"><svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d="M10.5,4 a6.5,6.5 0 1 0 0,13 a6.5,6.5 0 1 0 0,-13 M15.3,15.3 L20.5,20.5" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/></svg></button>
        <a v-if="operator" class="round" :href="prefix + '/improve'" :aria-label="t('improve.link')" :title="t('improve.link')">↗</a><ThemeButton /><a class="round" :href="prefix + '/settings'" :aria-label="t('lobby.settings')" :title="t('lobby.settings')">⚙</a>
      </header>
      <div class="page-main" :inert="files.length > 0 || asking || searching">
        <div class="hero"><h1>{{ t('lobby.title') }}</h1><p>{{ t('lobby.line') }}</p>
          <div v-if="creates" class="bring-here"><button type="button" class="primary" data-bring-button @click="choose">{{ t('bring.button') }}</button><span class="hint">{{ t('bring.hint') }} <span class="for-drop">{{ t('bring.hint_drop') }}</span></span><input ref="chooser" type="file" hidden multiple :accept="accepted" data-chooser @change="chosen"></div><p v-else-if="me" class="hint" data-how-cards>{{ t('bring.how') }}</p></div>
        <p v-if="trouble" class="lobby-trouble" role="alert">{{ trouble }}</p>
        <p v-if="operator && chip && chip.kind === 'understudy'" class="lobby-note">{{ t('lobby.no_model') }} <a :href="prefix + '/settings'">{{ t('lobby.choose_model') }}</a></p>
        <details v-if="creates && problems.length" class="lobby-note mistakes"><summary>{{ t('lobby.problems', { n: problems.length }) }}</summary><p class="hint">{{ t('lobby.problems.kept') }}</p><ul><li v-for="one in problems" :key="one.message"><code>{{ one.message }}</code></li></ul></details>
        <details v-if="creates && warnings.length" class="lobby-note mistakes mild"><summary>{{ t('lobby.warnings', { n: warnings.length }) }}</summary><ul><li v-for="one in warnings" :key="one.message"><code>{{ one.message }}</code></li></ul></details>
        <section :aria-label="t('lobby.rooms')">
          <ul class="cards">
            <li v-for="room in rooms || []" :key="room.id" class="card" :data-room="room.id">
              <a :href="href(room)" class="card-link">
                <span class="card-art scenery" :data-time="room.time" :data-weather="room.weather" aria-hidden="true">
                  <Picture :folder="backdrop(room)" base="backdrop" :look="room.time" fit="xMidYMid slice" /><span class="tint"></span>
                  <span class="peek"><Avatar v-for="one in cast(room)" :key="one.id" :art="art(one)" emotion="calm" still /></span>
                </span>
                <span class="card-text">
                  <strong class="clamped" :title="room.title">{{ room.title }}</strong><span class="line-of">{{ room.line }}</span>
                  <span v-if="room.last_line" class="last"><b>{{ room.last_speaker }}</b> “<Spoken :text="room.last_line" />” <time>{{ ago(room.last_at) }}</time></span>
                  <span v-else class="last hint">{{ t('lobby.quiet') }}</span>
                </span>
              </a>
              <p class="card-foot"><span class="here" :class="{ some: room.players }">{{ visitors(room) }}</span><span v-if="!room.open" class="badge">{{ t('lobby.private') }}</span><span v-if="room.mine" class="badge">{{ t('lobby.mine') }}</span><span class="spacer"></span>
                <button v-if="room.mine" type="button" class="quiet" @click="remove(room)">{{ t(sure === room.id ? 'lobby.delete_sure' : 'lobby.delete') }}</button></p>
            </li>
          </ul>
          <div v-if="rooms && !rooms.length" class="empty" data-empty><DoorPicture /><p>{{ t('lobby.empty') }}</p><p class="hint">{{ t('lobby.empty_hint') }}</p></div>
          <p v-if="!rooms && !trouble" class="empty">{{ t('lobby.loading') }}</p>
        </section>
        <section v-if="scenes.length && me && me.role !== 'spectator'" class="own-rooms">
          <h2>{{ t('lobby.own') }}</h2>
          <ul class="scenes"><li v-for="scene in scenes" :key="scene.id"><button type="button" :data-scene="scene.id" @click="begin(scene)"><b class="clamped" :title="scene.title">{{ scene.title }}</b><small class="clamped">{{ scene.characters.map((one) => one.name).join(', ') }}</small></button></li></ul>
        </section>
        <Shelf v-if="creates" :prefix="prefix" :newest="newest" @choose="choose" @opened="asking = $event" @loaded="look" @changed="load" />
        <p class="honest-foot">{{ t('lobby.software') }}</p>
      </div>
      <BringCard v-if="files.length && me" :key="files[0].key" :prefix="prefix" :file="files[0].file" :may="creates" :waiting="files.length - 1" @close="files = []" @next="files = files.slice(1)" @see="see" @came="came" />
      <div v-if="over" class="drop-here" aria-hidden="true" data-drop-here><p>{{ t(creates ? 'bring.drop' : 'bring.may_not') }}</p></div>
      <div v-if="searching" class="veil top" @keydown.esc="endSearch" @click.self="endSearch"><SearchPanel :prefix="prefix" :search="search" aria-modal="true" @go="goTo" @close="endSearch" /></div>
      <div v-if="starting" class="veil" @keydown.esc="cancel">
        <form class="panel entrance" role="dialog" aria-modal="true" aria-labelledby="own-title" @submit.prevent="create">
          <p class="eyebrow">{{ t('lobby.own') }}</p><h2 id="own-title">{{ starting.title }}</h2><p class="line-of">{{ starting.description }}</p>
          <label for="own-name">{{ t('lobby.own_name') }}</label><input id="own-name" ref="title" v-model="title" maxlength="40" :placeholder="starting.title">
          <label class="check"><input v-model="open" type="checkbox"> {{ t('lobby.own_open') }}</label>
          <label for="own-past">{{ t('lobby.own_past') }}</label><input id="own-past" type="file" accept=".jsonl,.json,application/x-ndjson" data-own-past @change="past = $event.target.files[0] ?? null"><small class="hint">{{ t('lobby.own_past_hint') }}</small>
          <p v-if="problem" class="problem" role="alert">{{ problem }}</p>
          <div class="row"><button type="submit" class="primary big" :disabled="busy">{{ t('lobby.own_start') }}</button><button type="button" class="quiet" @click="cancel">{{ t('panel.cancel') }}</button></div>
        </form>
      </div>
    </div>`,
};
