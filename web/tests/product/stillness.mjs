// Nothing moves under the reader's eyes while a page loads, on a slow phone or a wide window.
import assert from "node:assert/strict";
import test from "node:test";
import { account, draw, enter, publish, visitor } from "./app.mjs";

const allowed = 0.02;

test("the layout does not shift", async () => {
  const maker = await account("町屋 花", "maker");
  const listing = await publish(maker, await draw(maker));
  for (const width of [360, 1280]) {
    const page = await visitor("ja", { viewport: { width, height: 800 } });
    await enter(page, maker);
    await page.addInitScript(() => {
      globalThis.shifted = [];
      new PerformanceObserver((list) => {
        for (const { hadRecentInput, value, sources } of list.getEntries()) {
          if (!hadRecentInput) globalThis.shifted.push([value, sources.map(({ node }) => node?.outerHTML?.slice(0, 120) ?? "text").join(" | ")]);
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    // Late pictures are where a layout usually jumps.
    await page.route("**/files/**", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await route.continue();
    });
    for (const path of ["/", "/gallery", listing.path, "/studio", "/me"]) {
      await page.goto(path, { waitUntil: "networkidle" });
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      const shifted = await page.evaluate(() => globalThis.shifted);
      const sum = shifted.reduce((total, [value]) => total + value, 0);
      assert.ok(sum <= allowed, `${path} at ${width} px shifts by ${sum}: ${JSON.stringify(shifted)}`);
    }
    await page.context().close();
  }
});
