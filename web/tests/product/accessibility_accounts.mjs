// Accounts, plans, papers and the operators' room, page by page and state by state.
import assert from "node:assert/strict";
import test from "node:test";
import { accountRooms, furnishAccounts } from "./account_rooms.mjs";
import { faultsOf, languages } from "./axe.mjs";

// Made once, when the browser is there.
let world;

for (const language of languages) {
  test(`every page of an account is accessible, in ${language}`, async () => {
    const { people, ...things } = await (world ??= furnishAccounts());
    assert.deepEqual(await faultsOf(accountRooms(things), people, language), []);
  });
}
