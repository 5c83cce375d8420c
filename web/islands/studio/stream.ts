import { createParser } from "eventsource-parser";

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
      let finished = false;
      const parser = createParser({
        onEvent: ({ id, event, data }) => {
          if (finished) return;
          finished = onEvent({ name: event ?? "message", data });
          lastId = id ?? lastId;
        },
        onRetry: (interval_ms) => (retry_ms = interval_ms),
      });
      const done = await connect(address, lastId, signal, (chunk) => {
        failures = 0;
        parser.feed(chunk);
        return finished;
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

function pause(duration_ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration_ms));
}
