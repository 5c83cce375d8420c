import assert from "node:assert/strict";
import test from "node:test";
import { load } from "./load.mjs";

const { share, wholeYen } = await load("publish/share.ts");

test("the maker's part is floored and both parts are the whole", () => {
  for (let price = 0; price < 2_000; price += 1) {
    const { yours, platform } = share(price, 8_000);
    assert.equal(yours, Math.floor(price * 0.8 + 1e-9));
    assert.equal(yours + platform, price);
  }
});

test("prices are read as people type them", () => {
  assert.equal(wholeYen("１，２００円"), 1200);
  assert.equal(wholeYen("¥ 1,200"), 1200);
  for (const bad of ["", "-5", "1.5", "abc", "999999999999"]) assert.equal(wholeYen(bad), null, bad);
});
