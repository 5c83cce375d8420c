/** One server-sent event. */
export interface ServerEvent {
  name: string;
  data: string;
}

const silent_ms = 40_000;
const tries = 12;

/**
 * Reads server-sent events until `onEvent` returns true (done). Reconnects with Last-Event-ID, ever more slowly, when
 * the connection breaks or falls silent (the server sends a comment every 15 seconds). Rejects when the server refuses
 * (404, 401) or cannot be reached for a few minutes.
 */
export async function follow(
  address: string,
  onEvent: (event: ServerEvent) => boolean,
  signal: AbortSignal,
): Promise<void> {
  let lastId = "";
  let failures = 0;
  let retry_ms = 1_000;
  for (;;) {
    try {
      const reader = new EventReader();
      const done = await connect(address, lastId, signal, (chunk) => {
        failures = 0;
        for (const event of reader.read(chunk)) {
          if (onEvent(event)) return true;
        }
        lastId = reader.lastId;
        retry_ms = reader.retry_ms;
        return false;
      });
      if (done) return;
    } catch (error) {
      if (signal.aborted || error instanceof Refused) throw error;
    }
    failures += 1;
    if (failures > tries) throw new Error("the server cannot be reached");
    await pause(Math.min(retry_ms * 1.6 ** (failures - 1), 20_000) * (0.75 + Math.random() / 2));
    if (signal.aborted) throw new Error("stopped");
  }
}

/** The server does not (any longer) have this stream for us. */
export class Refused extends Error {}

async function connect(
  address: string,
  lastId: string,
  signal: AbortSignal,
  onChunk: (text: string) => boolean,
): Promise<boolean> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silent_ms);
  const headers: Record<string, string> = { Accept: "text/event-stream" };
  if (lastId) headers["Last-Event-ID"] = lastId;
  try {
    const response = await fetch(address, { headers, cache: "no-store", signal: AbortSignal.any([signal, silence.signal]) });
    if (response.status >= 400 && response.status < 500 && response.status !== 429) throw new Refused(String(response.status));
    if (!response.ok || !response.body) throw new Error(String(response.status));
    const body = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await body.read();
      if (done) return false;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silent_ms);
      if (onChunk(value)) {
        void body.cancel();
        return true;
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Takes text as it comes and gives whole events, as the HTML standard describes the format. */
export class EventReader {
  lastId = "";
  retry_ms = 1_000;
  #rest = "";
  #name = "";
  #data: string[] = [];

  read(chunk: string): ServerEvent[] {
    const lines = (this.#rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    const events: ServerEvent[] = [];
    for (const line of lines) {
      const event = this.#line(line);
      if (event) events.push(event);
    }
    return events;
  }

  #line(line: string): ServerEvent | null {
    if (line === "") {
      const event = this.#data.length > 0 ? { name: this.#name || "message", data: this.#data.join("\n") } : null;
      this.#name = "";
      this.#data = [];
      return event;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#name = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id" && !value.includes("\0")) this.lastId = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.retry_ms = Number(value);
    return null;
  }
}

function pause(duration_ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration_ms));
}
