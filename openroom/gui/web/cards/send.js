// A card's file on its way to the server: the file itself as the body, with how far it is. An `ApiError` of it holds the server's `answer`.
import { ApiError } from "../shared/api.js";

/** The most that the server takes, so that nobody waits for nothing. */
export const MOST_BYTES = 200 * 1024 * 1024;
export const ACCEPTED = ".png,.apng,.json,.charx,.jpg,.jpeg,.webp";

const WAIT = 300;
const MOST_WAITS = 200;

/** The server does one costly thing of somebody at a time: what is asked meanwhile waits, as long as it `matters`. */
export async function patient(ask, matters = () => true) {
  for (let waits = 0; ; waits++) {
    try {
      return await ask();
    } catch (error) {
      if (error.reason !== "busy" || waits === MOST_WAITS || !matters()) throw error;
      await new Promise((done) => setTimeout(done, WAIT));
    }
  }
}

/** Send a file; `told` hears shares from 0 to 1. `stop` of what comes back ends it, and `done` is its answer. */
export function sendFile(path, file, told) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.open("POST", path);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && told(event.loaded / event.total));
    request.upload.addEventListener("load", () => told(1));
    request.addEventListener("error", () => reject(new ApiError(0, "unreachable", "")));
    request.addEventListener("abort", () => reject(new ApiError(0, "stopped", "")));
    request.addEventListener("load", () => {
      const answer = parsed(request.responseText);
      if (request.status < 300) resolve(answer);
      else reject(Object.assign(new ApiError(request.status, answer.reason ?? `http_${request.status}`, answer.message ?? ""), { answer }));
    });
    request.send(file);
  });
  return { done, stop: () => request.abort() };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
