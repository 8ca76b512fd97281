// A Colyseus room that numbers what one client says and broadcasts it to all. Nothing is stored, no state is synced.
// Run in a folder with Colyseus installed: node server.js; prints its port.
import { createServer } from "node:http";
import { Room, Server } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";

class Hall extends Room {
  onCreate() {
    this.maxClients = 10000;
    this.maxMessagesPerSecond = Infinity;
    this.autoDispose = false;
    this.seq = 0;
    this.patchRate = null;
    this.onMessage("say", (client, message) => {
      if (typeof message.text !== "string" || message.text.length > 4000) return;
      this.seq += 1;
      this.broadcast("said", {
        seq: this.seq, at: Date.now(), actor: client.sessionId, cause: message.id, kind: "said", text: message.text,
      });
    });
  }
}

const http = createServer();
const server = new Server({
  greet: false,
  transport: new WebSocketTransport({ server: http, pingInterval: 0, maxPayload: 65536 }),
});
server.define("hall", Hall);
await server.listen(0, "127.0.0.1");
console.log(http.address().port);
