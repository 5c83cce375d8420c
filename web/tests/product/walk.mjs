// The main job as two people do it with a browser: one signs up, makes, publishes; another buys and downloads.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { newAddress, password, visitor } from "./app.mjs";

const submit = (page, selector = "main form button[type=submit]") => Promise.all([page.waitForNavigation(), page.click(selector)]);
const choose = (page, name, value) => page.check(`input[name="${name}"][value="${value}"]`);

async function signUp(page, displayName, name) {
  await page.goto("/signup");
  await page.fill("[name=displayName]", displayName);
  await page.fill("[name=email]", newAddress(name));
  await page.fill("[name=password]", password);
  await submit(page);
}

/** Answers the five questions and the ratio, one step at a time. */
async function answer(page) {
  await page.waitForSelector("form.studio[data-ready]");
  const steps = [["vibe", "romantic"], ["silhouette", "a-line"], ["color", "ivory"], ["occasion", "party"], ["season", "spring"]];
  for (const [name, value] of steps) {
    await choose(page, name, value);
    await page.click("[data-next]");
  }
  await page.fill("[name=extra]", "レースの襟");
}

/** Waits for the picture whose file is not `before`; answers its address. */
async function picture(page, before) {
  const image = page.locator(`[data-result-image] img:not([src="${before ?? ""}"])`);
  await image.waitFor();
  await page.locator("[data-result-done]").waitFor({ state: "visible" });
  assert.ok(await image.evaluate((element) => element.complete && element.naturalWidth > 0), "the picture is drawn");
  return image.getAttribute("src");
}

async function make(page) {
  await page.goto("/studio");
  await answer(page);
  await page.click("[data-generate]");
  const first = await picture(page);
  await page.click("[data-again]");
  const second = await picture(page, first);
  await choose(page, "otherRatio", "1:1");
  const square = await picture(page, second);
  assert.equal(new Set([first, second, square]).size, 3, "each wish makes a picture of its own");
  const [width, height] = await page.locator("[data-result-image] img").evaluate((image) => [image.naturalWidth, image.naturalHeight]);
  assert.equal(width, height, "as square as it was asked for");
}

test("sign up, make, publish; somebody else buys and downloads", async () => {
  const maker = await visitor("ja", { viewport: { width: 360, height: 740 } });
  await signUp(maker, "町屋 花", "maker");
  await make(maker);
  await Promise.all([maker.waitForNavigation(), maker.click("[data-result-done] a.button--signal")]);

  await maker.fill("[name=title]", "レースの襟のドレス");
  await maker.fill("[name=price]", "1500");
  assert.match(await maker.locator("[data-share-yours]").innerText(), /1,200/, "four fifths are the maker's");
  await maker.fill("[name=tags]", "春、レース");
  await submit(maker, "form[data-island=publish] button[type=submit]");
  await maker.goto("/gallery");
  const shown = maker.getByRole("link", { name: "レースの襟のドレス" }).first();
  const product = await shown.getAttribute("href");

  const buyer = await visitor("en");
  await signUp(buyer, "Ren Aoki", "buyer");
  await buyer.goto(product);
  await Promise.all([buyer.waitForNavigation(), buyer.click(".product__buy a.button--signal")]);
  await submit(buyer);
  assert.match(buyer.url(), /\/sandbox\/checkout\//);
  await submit(buyer, "button[name=outcome][value=succeed]");
  assert.match(buyer.url(), /\/orders\//);
  await buyer.locator("[data-order-state=delivered]").waitFor();
  assert.equal(await buyer.locator("#order-state [role=status] .badge").count(), 1, "the state keeps its badge");
  const [download] = await Promise.all([buyer.waitForEvent("download"), buyer.click("#order-state a[href*='/download']")]);
  assert.match(download.suggestedFilename(), /\.zip$/);
  const package_ = await readFile(await download.path());
  assert.equal(package_.subarray(0, 4).toString("latin1"), "PK\x03\x04");
  for (const entry of ["design.png", "LICENSE.txt"]) assert.ok(package_.includes(entry), `${entry} is in the package`);
  await Promise.all([buyer.waitForNavigation(), buyer.click("a[href$='/receipt']")]);
  assert.match(await buyer.locator("main").innerText(), /¥1,500/);

  await maker.goto("/me");
  assert.equal(await maker.locator("#pictures > *").count(), 3, "three pictures were made and kept");
  assert.deepEqual([...maker.complaints, ...buyer.complaints], []);
});

test("a picture that is deleted comes back when the maker changes their mind", async () => {
  const page = await visitor("en");
  await signUp(page, "Nao", "nao");
  await page.goto("/studio");
  await answer(page);
  await page.click("[data-generate]");
  await picture(page);
  await page.goto("/me");
  await Promise.all([page.waitForNavigation(), page.click("#pictures a")]);
  await page.click("form[action$='/delete'] button");
  await page.locator("dialog[open]").waitFor();
  await Promise.all([page.waitForNavigation(), page.click("dialog[open] .button--danger")]);
  assert.equal(await page.locator("#pictures").count(), 0);
  await submit(page, "form[action$='/restore'] button");
  await page.goto("/me");
  assert.equal(await page.locator("#pictures > *").count(), 1);
  assert.deepEqual(page.complaints, []);
});
