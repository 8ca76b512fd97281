// The REST API, in one place: JSON in, JSON out, and an error that can be shown to a person.
import { because } from "./i18n.js";

export class ApiError extends Error {
  constructor(status, reason, message) {
    super(message);
    Object.assign(this, { status, reason });
  }

  /** What to tell a person. */
  get words() {
    return because(this.reason, this.message);
  }
}

export async function api(path, { method = "GET", body, file } = {}) {
  const answer = await asked(path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? file : JSON.stringify(body),
  });
  const text = await answer.text();
  let data = {};
  try {
    data = text ? JSON.parse(text) : {};
  } catch {
    data = { message: text.slice(0, 200) };
  }
  if (answer.ok) return data;
  throw Object.assign(failed(answer, data), { answer: data });
}

/** Have the browser keep what an address answers with, under the name that the server gives it. */
export async function download(path) {
  const answer = await asked(path);
  if (!answer.ok) throw failed(answer, await answer.json().catch(() => ({})));
  const [, name] = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "") ?? [];
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: name ?? "" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function asked(path, init) {
  try {
    return await fetch(path, init);
  } catch {
    throw new ApiError(0, "unreachable", "");
  }
}

function failed(answer, data) {
  const detail = data.error ?? data.detail ?? data;
  const told = typeof detail === "string" ? { message: detail } : detail;
  return new ApiError(answer.status, told.reason ?? data.reason ?? `http_${answer.status}`, told.message ?? data.message ?? "");
}
