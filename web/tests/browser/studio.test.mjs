// The studio in a browser: back and forth without loss, one request per wish, progress over a connection that breaks.
import assert from "node:assert/strict";
import test from "node:test";
import { visit } from "./app.mjs";

const dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const answer = (page, name, value) => page.locator(`[data-island=studio] input[name=${name}][value=${value}]`).check({ force: true });
const next = (page) => page.locator("[data-next]").click();
const title = (page) => page.locator(".studio__step:visible .studio__question-title").innerText();

async function answered(page) {
  await answer(page, "vibe", "minimal");
  await next(page);
  await answer(page, "silhouette", "a-line");
  await next(page);
  await answer(page, "color", "ivory");
  await answer(page, "color", "navy");
}

test("the answers stay, whichever way one goes", async () => {
  const page = await visit("/dev/style");
  assert.equal(await page.locator(".studio__step:visible").count(), 1);
  await answered(page);
  assert.match(await title(page), /どの色/);
  await page.goBack();
  assert.match(await title(page), /かたち/);
  await page.goBack();
  assert.ok(await page.locator("[name=vibe][value=minimal]").isChecked());
  await page.goForward();
  await page.reload();
  assert.match(await title(page), /かたち/);
  assert.ok(await page.locator("[name=color][value=navy]").isChecked());
  assert.equal(
    await page.locator("[data-prompt-preview]").innerText(),
    "single model, one person only, full-body fashion photography, studio lighting, clean minimal background, high detail, minimal vibe, a-line silhouette, palette: ivory, navy. no text, no words, no logos, no brands, no celebrities, no multiple people, no watermark, no signature. ".trim(),
  );
  assert.deepEqual(await page.locator("[data-answers] li").allInnerTexts(), ["ミニマル", "Aライン", "アイボリー", "ネイビー"]);
  await page.context().close();
});

test("one wish is asked once, survives a lost answer and a broken stream, and shows its picture", async () => {
  const page = await visit("/dev/style#finish");
  await answer(page, "vibe", "street").catch(() => undefined);
  const asked = [];
  const watched = [];
  await page.route("**/api/nano/generate", (route) => {
    asked.push({ key: route.request().headers()["idempotency-key"], body: route.request().postDataJSON() });
    if (asked.length === 1) return route.abort("connectionreset");
    return route.fulfill({ status: 202, json: { id: "g1", jobId: "j1", status: "queued", cached: false, eventsUrl: "/api/jobs/j1/events" } });
  });
  await page.route("**/api/jobs/j1/events", (route) => {
    watched.push(route.request().headers()["last-event-id"] ?? "");
    const body = watched.length === 1
      ? 'retry: 10\n\nid: 5\nevent: progress\ndata: {"percent":40,"stage":"drawing"}\n\n'
      : `id: 6\nevent: completed\ndata: ${JSON.stringify({ id: "g1", url: dot, path: "p" })}\n\n`;
    return route.fulfill({ contentType: "text/event-stream", body });
  });
  await page.locator("input[name=aspectRatio][value='16:9']").check({ force: true });
  await page.locator("button[data-generate]").click();
  await page.locator("[data-result-done]").waitFor({ state: "visible" });
  assert.equal(asked.length, 2);
  assert.equal(asked[0].key, asked[1].key, "the same wish has the same key");
  assert.match(asked[1].key, /^[0-9a-f-]{36}$/);
  assert.equal(asked[1].body.aspectRatio, "16:9");
  assert.ok(asked[1].body.prompt.startsWith("single model") && asked[1].body.negative.startsWith("no text"));
  assert.deepEqual(watched, ["", "5"]);
  assert.equal(await page.locator("[data-result-image] img").getAttribute("src"), dot);
  assert.ok(await page.locator("[data-result-frame]").evaluate((frame) => frame.classList.contains("frame--16x9")));
  assert.match(await page.locator("[data-result-done] a[href*=publish]").getAttribute("href"), /^\/me\/g1\/publish$/);

  await page.locator("[data-again]").click();
  await page.waitForTimeout(300);
  assert.equal(asked.at(-1).body.again, true);
  assert.notEqual(asked.at(-1).key, asked[0].key, "another wish has another key");
  await page.context().close();
});

test("a refusal is said in the app's words and costs nothing; trying again works", async () => {
  const page = await visit("/dev/style#finish");
  let times = 0;
  await page.route("**/api/nano/generate", (route) => {
    times += 1;
    if (times === 1) {
      return route.fulfill({ status: 422, contentType: "application/problem+json", json: { title: "この内容ではつくれません", detail: "言葉を変えてお試しください。", error: "refused", status: 422 } });
    }
    return route.fulfill({ status: 200, json: { id: "g2", url: dot, path: "p", jobId: "j2", cached: true } });
  });
  await page.locator("button[data-generate]").click();
  const failed = page.locator("[data-result-failed]");
  await failed.waitFor({ state: "visible" });
  assert.match(await failed.innerText(), /この内容ではつくれません[\s\S]*言葉を変えて[\s\S]*料金はかかりません/);
  await page.locator("[data-retry]").click();
  await page.locator("[data-result-cached]").waitFor({ state: "visible" });
  await page.context().close();
});

test("a reload goes on watching the picture that is being made", async () => {
  const page = await visit("/dev/style#finish");
  await page.route("**/api/nano/generate", (route) => route.fulfill({ status: 202, json: { id: "g3", jobId: "j3", eventsUrl: "/api/jobs/j3/events" } }));
  let ready = false;
  await page.route("**/api/jobs/j3/events", (route) =>
    route.fulfill({ contentType: "text/event-stream", body: ready ? `id: 2\nevent: completed\ndata: ${JSON.stringify({ id: "g3", url: dot })}\n\n` : "retry: 50\n\n: ping\n\n" }),
  );
  await page.locator("button[data-generate]").click();
  await page.locator("[data-result-waiting]").waitFor({ state: "visible" });
  ready = true;
  await page.reload();
  await page.locator("[data-result-done]").waitFor({ state: "visible" });
  await page.context().close();
});
