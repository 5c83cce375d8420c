// Accounts, plans, invoices and the operators' console, page by page and state by state.
import assert from "node:assert/strict";
import test from "node:test";
import { accountPages, createAccountStates } from "./account_pages.mjs";
import { faultsOf, languages } from "./axe.mjs";

// Made once, when the browser is there.
let world;

for (const language of languages) {
  test(`every page of an account is accessible, in ${language}`, async () => {
    const { people, ...things } = await (world ??= createAccountStates());
    assert.deepEqual(await faultsOf(accountPages(things), people, language), []);
  });
}
