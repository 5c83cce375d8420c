// The shop and the studio, page by page; the customer's and the operators' pages are in accessibility_accounts.mjs.
import assert from "node:assert/strict";
import test from "node:test";
import { faultsOf, languages } from "./axe.mjs";
import { createStates, pages } from "./pages.mjs";

const world = createStates();

for (const language of languages) {
  test(`every page is accessible, in ${language}`, async () => {
    const { people, ...things } = await world;
    assert.deepEqual(await faultsOf(pages(things), people, language), []);
  });
}
