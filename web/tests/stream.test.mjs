import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { follow, Refused } = await load("studio/stream.ts");

const text = 'retry: 20\n\n: ping\n\nid: 1\nevent: progress\ndata: {"percent":40}\n\nid: 2\r\nevent: completed\r\ndata: {"id":"x",\r\ndata: "url":"/p"}\r\n\r\n';

/** A body that arrives in pieces of a size. */
const cut = (size) =>
  new ReadableStream({
    start(stream) {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length; at += size) stream.enqueue(bytes.slice(at, at + size));
      stream.close();
    },
  });

test("events are whole however the text is cut", async () => {
  for (let size = 1; size <= text.length; size += 1) {
    const asked = answers(cut(size));
    const events = [];
    await follow("/events", (event) => events.push(event) === 2, new AbortController().signal);
    assert.deepEqual(events, [
      { name: "progress", data: '{"percent":40}' },
      { name: "completed", data: '{"id":"x",\n"url":"/p"}' },
    ], `cut every ${size}`);
    assert.deepEqual(asked, [null]);
  }
});

function answers(...bodies) {
  const asked = [];
  globalThis.fetch = async (address, { headers }) => {
    asked.push(headers["Last-Event-ID"] ?? null);
    const body = bodies.shift();
    return typeof body === "number" ? new Response("", { status: body }) : new Response(body);
  };
  return asked;
}

test("a broken stream goes on after the last event", async () => {
  const asked = answers("retry: 1\n\nid: 7\nevent: progress\ndata: {}\n\n", 503, "id: 8\nevent: completed\ndata: {}\n\n");
  const names = [];
  await follow("/events", (event) => names.push(event.name) && event.name === "completed", new AbortController().signal);
  assert.deepEqual(names, ["progress", "completed"]);
  assert.deepEqual(asked, [null, "7", "7"]);
});

test("a refusal is final", async () => {
  const asked = answers(404);
  await assert.rejects(follow("/events", () => false, new AbortController().signal), Refused);
  assert.equal(asked.length, 1);
});
