// WCAG 2.2 AA by axe on a list of pages, in one language; no page wider than the window, on a phone and on a desktop; nothing
// that the browser complains about, its content security policy included. MACHIYA_NIGHTLY has axe look in both themes at both
// widths; without it axe looks once, at each language in another theme and width.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { visitor } from "./app.mjs";
import { browsers, open } from "./pages.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
// The browser itself reports a page whose status says that something is wrong, as these pages are meant to.
const meant = /^Failed to load resource: the server responded with a status of (401|403|404|409|410|422)/;
const widths = [360, 1280];
const once = { ja: { width: 360, colorScheme: "light" }, en: { width: 1280, colorScheme: "dark" } };

/** MACHIYA_LANGUAGE looks at one language alone, so that two programs can be looked at side by side. */
export const languages = process.env.MACHIYA_LANGUAGE?.split(",") ?? ["ja", "en"];

/** What is wrong with the pages, each as the person it belongs to sees it. */
export async function faultsOf(pages, people, language) {
  const tabs = await browsers(people, () => visitor(language, { viewport: { width: 360, height: 800 } }));
  const found = [];
  for (const entry of pages) {
    const tab = tabs[entry[2]];
    tab.complaints.length = 0;
    await tab.setViewportSize({ width: 360, height: 800 });
    await open(tab, entry);
    // Playwright evaluates in the page past its policy, which would rightly refuse the injected text.
    await tab.evaluate(axe);
    for (const width of widths) {
      await tab.setViewportSize({ width, height: 800 });
      found.push(...(await overflow(tab)).map((fault) => `${entry[0]}, ${width} px: ${fault}`));
      for (const colorScheme of themes(language, width)) {
        await tab.emulateMedia({ colorScheme });
        found.push(...(await violations(tab)).map((fault) => `${entry[0]}, ${width} px, ${colorScheme}: ${fault}`));
      }
    }
    found.push(...tab.complaints.filter((complaint) => !meant.test(complaint)).map((complaint) => `${entry[0]}: ${complaint}`));
  }
  await Promise.all(Object.values(tabs).map((tab) => tab.context().close()));
  return found;
}

/** The themes in which axe looks at a page of this width. */
function themes(language, width) {
  if (process.env.MACHIYA_NIGHTLY) return ["light", "dark"];
  return once[language].width === width ? [once[language].colorScheme] : [];
}

async function overflow(tab) {
  const pixels = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return pixels > 0 ? [`${pixels} px wider than the window`] : [];
}

/** What axe finds on the page that is open, as it is shown now. */
async function violations(tab) {
  return tab.evaluate(async (values) => {
    const rules = { "target-size": { enabled: true } };
    const { violations } = await globalThis.axe.run(document, { runOnly: values, resultTypes: ["violations"], rules });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }, tags);
}
