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

export async function api(path, { method = "GET", body } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, "unreachable", "");
  }
  const text = await answer.text();
  let data = {};
  try {
    data = text ? JSON.parse(text) : {};
  } catch {
    data = { message: text.slice(0, 200) };
  }
  if (answer.ok) return data;
  const detail = data.error ?? data.detail ?? data;
  const told = typeof detail === "string" ? { message: detail } : detail;
  throw new ApiError(answer.status, told.reason ?? data.reason ?? `http_${answer.status}`, told.message ?? data.message ?? "");
}
