// WCAG 2.2 AA by axe on every page, in both languages and both themes, on a phone and at a desk; nothing wider than the
// window; nothing that the browser complains about, its content security policy included.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { visitor } from "./house.mjs";
import { furnish, keys, open, rooms } from "./rooms.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
// The browser itself reports a page whose status says that something is wrong, as these pages are meant to.
const meant = /^Failed to load resource: the server responded with a status of (401|403|404|410|422)/;

const world = furnish();

for (const language of ["ja", "en"]) {
  for (const [width, colorScheme] of [[360, "light"], [360, "dark"], [1280, "light"], [1280, "dark"]]) {
    test(`every page is accessible: ${language}, ${width} px, ${colorScheme}`, async () => {
      const { people, ...things } = await world;
      const pages = await keys(people, () => visitor(language, { colorScheme, viewport: { width, height: 800 } }));
      const found = [];
      for (const room of rooms(things)) {
        const page = pages[room[2]];
        page.complaints.length = 0;
        await open(page, room);
        found.push(...(await faults(page)).map((fault) => `${room[0]}: ${fault}`));
      }
      await Promise.all(Object.values(pages).map((page) => page.context().close()));
      assert.deepEqual(found, []);
    });
  }
}

/** What is wrong with the page that is open. */
async function faults(page) {
  const found = page.complaints.filter((complaint) => !meant.test(complaint));
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (tooWide > 0) found.push(`${tooWide} px wider than the window`);
  // Playwright evaluates in the page past its policy, which would rightly refuse the injected text.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: values, resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }),
    tags,
  );
  return [...found, ...violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`)];
}
