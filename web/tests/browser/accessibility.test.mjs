// WCAG 2.2 AA by axe, in both themes and languages, on a phone and a fixture; nothing wider than the window, no shift.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { visit } from "./app.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

for (const colorScheme of ["light", "dark"]) {
  for (const [width, language] of [[360, "ja"], [1280, "ja"], [360, "en"], [1600, "en"]]) {
    test(`the style guide is accessible: ${colorScheme}, ${width} px, ${language}`, async () => {
      // axe is injected as text, which the site's own policy rightly refuses.
      const page = await visit(`/dev/style?lang=${language}`, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
      await page.evaluate(axe);
      const { violations } = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: values, rules: { "target-size": { enabled: true } } }), tags);
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
      assert.deepEqual(found, []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, "wider than the window");
      await page.context().close();
    });
  }
}

test("nothing moves while the page loads, and its own policy has nothing to refuse", async () => {
  const page = await visit(null, { viewport: { width: 360, height: 800 } });
  await page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto("/dev/style");
  await page.waitForTimeout(800);
  assert.ok((await page.evaluate(() => globalThis.shift)) < 0.01, "the layout shifted");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("every control is at least 44 pixels high or wide enough to be hit", async () => {
  const page = await visit("/dev/style", { viewport: { width: 360, height: 800 } });
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden]), textarea")]
      .filter((element) => element.checkVisibility() && !element.closest("p, .error-summary, .thing, .picture-card__title, .skip-link"))
      .filter((element) => !element.matches(".skip-link"))
      .map((element) => ({ element, box: (element.closest("label") ?? element).getBoundingClientRect() }))
      .filter(({ box }) => box.height < 43.5 || box.width < 43.5)
      .map(({ element, box }) => `${element.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`),
  );
  assert.deepEqual(small, []);
  await page.context().close();
});

test("without script everything is there, and a form that cannot be undone asks by a checkbox", async () => {
  const page = await visit("/dev/style", { javaScriptEnabled: false });
  assert.equal(await page.locator(".studio__step:visible").count(), 6);
  assert.equal(await page.locator(".without-script input[name=confirmed]:visible").count(), 1);
  assert.equal(await page.locator(".needs-script:visible").count(), 0);
  await page.locator(".menu__button").click();
  await page.locator(".menu__panel button[value=dark]").click();
  await page.waitForLoadState();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await page.context().close();
});
