// WCAG 2.2 AA by axe on a list of pages: in one language, in both themes, on a phone and at a fixture; nothing wider than the
// window; nothing that the browser complains about, its content security policy included.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { visitor } from "./app.mjs";
import { keys, open } from "./rooms.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
// The browser itself reports a page whose status says that something is wrong, as these pages are meant to.
const meant = /^Failed to load resource: the server responded with a status of (401|403|404|409|410|422)/;

/** MACHIYA_LANGUAGE looks at one language alone, so that two programs can be looked at side by side. */
export const languages = process.env.MACHIYA_LANGUAGE?.split(",") ?? ["ja", "en"];

/** What is wrong with the rooms, each as the person it belongs to sees it. */
export async function faultsOf(rooms, people, language) {
  const pages = await keys(people, () => visitor(language, { viewport: { width: 360, height: 800 } }));
  const found = [];
  for (const room of rooms) {
    const page = pages[room[2]];
    page.complaints.length = 0;
    await page.setViewportSize({ width: 360, height: 800 });
    await open(page, room);
    // Playwright evaluates in the page past its policy, which would rightly refuse the injected text.
    await page.evaluate(axe);
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await faults(page)).map((fault) => `${room[0]}, ${width} px, ${colorScheme}: ${fault}`));
      }
    }
    found.push(...page.complaints.filter((complaint) => !meant.test(complaint)).map((complaint) => `${room[0]}: ${complaint}`));
  }
  await Promise.all(Object.values(pages).map((page) => page.context().close()));
  return found;
}

/** What is wrong with the page that is open, as it is shown now. */
async function faults(page) {
  const { tooWide, violations } = await page.evaluate(async (values) => {
    const tooWide = document.documentElement.scrollWidth - innerWidth;
    const rules = { "target-size": { enabled: true } };
    const { violations } = await globalThis.axe.run(document, { runOnly: values, resultTypes: ["violations"], rules });
    return { tooWide, violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`) };
  }, tags);
  return tooWide > 0 ? [`${tooWide} px wider than the window`, ...violations] : violations;
}
