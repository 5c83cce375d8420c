// What is on every page: confirmation, theme, menu, double submission, toasts, endless lists, price hint, order state.
import assert from "node:assert/strict";
import test from "node:test";
import { visit } from "./app.mjs";

test("what cannot be undone asks first, and is sent once", async () => {
  const page = await visit("/dev/style");
  const sent = [];
  await page.route("**/x", (route) => {
    sent.push(route.request().postData());
    return new Promise((resolve) => setTimeout(() => resolve(route.fulfill({ status: 204 })), 400));
  });
  const button = page.locator("form[data-confirm] button");
  await button.click();
  const dialog = page.locator("dialog[open]");
  assert.match(await dialog.innerText(), /削除しますか[\s\S]*取り消せません/);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(sent, []);
  assert.ok(await button.evaluate((element) => element === document.activeElement), "the focus comes back");
  await button.click();
  await page.locator("dialog[open] [data-confirm-go]").click();
  await page.waitForTimeout(100);
  assert.equal(await button.getAttribute("aria-busy"), "true");
  await page.evaluate(() => document.querySelector("form[data-confirm]").requestSubmit());
  await page.locator("dialog[open] [data-confirm-go]").click();
  await page.waitForTimeout(600);
  assert.deepEqual(sent, ["confirmed=yes"]);
  await page.context().close();
});

test("the theme changes without a page load and is remembered", async () => {
  const page = await visit("/dev/style");
  await page.evaluate(() => (globalThis.stayed = true));
  await page.locator(".menu__button").click();
  const saved = page.waitForResponse("**/theme");
  await page.locator("[data-theme-switch] button[value=dark]").click();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await saved;
  assert.ok(await page.evaluate(() => globalThis.stayed));
  await page.reload();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  assert.equal(await page.locator("[data-theme-switch] button[value=dark]").getAttribute("aria-pressed"), "true");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the menu is for the keyboard too", async () => {
  const page = await visit("/dev/style");
  await page.locator(".menu__button").focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.locator(".menu__panel").isVisible());
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  assert.ok(!(await page.locator(".menu__panel").isVisible()));
  assert.ok(await page.locator(".menu__button").evaluate((element) => element === document.activeElement));
  await page.context().close();
});

test("a list goes on at its end, by hand with the focus on what is new", async () => {
  const page = await visit("/dev/style", { javaScriptEnabled: true });
  const before = await page.locator("#cards > *").count();
  await page.locator("[data-list=cards] a[rel=next]").press("Enter");
  await page.locator("[data-list=cards] .pagination__end").waitFor();
  assert.equal(await page.locator("#cards > *").count(), before * 2);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the price hint is the ledger's: the maker's part is floored", async () => {
  const page = await visit("/dev/style");
  const yours = page.locator("[data-share-yours]");
  assert.equal(await yours.innerText(), "¥960");
  await page.locator("[name=asked]").fill("９９９円");
  assert.equal(await yours.innerText(), "¥799");
  await page.locator("[name=asked]").blur();
  assert.equal(await page.locator("[name=asked]").inputValue(), "999");
  await page.locator("[name=licenseType][value=exclusive]").check({ force: true });
  assert.ok(!(await page.locator("[name=maxSales]").isVisible()));
  await page.context().close();
});

test("an order's page follows the order until there is nothing to come", async () => {
  const page = await visit("/dev/style");
  const assets = await page.evaluate(async () => (await (await fetch("/dev/style")).text()).match(/\/assets\/core-[^"]+/)[0]);
  const orders = await page.evaluate(async () => (await fetch("/assets/orders.js")).status);
  assert.equal(orders, 404, "only hashed names are served");
  const states = ["pending", "pending", "paid", "delivered"];
  const file = (await import("node:fs")).readdirSync(new URL("../../dist", import.meta.url)).find((name) => /^orders-.*\.js$/.test(name));
  await page.route("**/orders/1", (route) => {
    const state = states.length > 1 ? states.shift() : states[0];
    const pending = state === "delivered" ? "" : "<span data-pending></span>";
    return route.fulfill({
      contentType: "text/html; charset=utf-8",
      body: `<!doctype html><title>o</title><section id="order-state" data-island="orders"><p role="status">${state}</p>${pending}</section><script src="/assets/${file}" defer></script><script src="${assets}" defer></script>`,
    });
  });
  await page.goto("/orders/1");
  await page.locator("text=delivered").waitFor({ timeout: 15_000 });
  assert.equal(await page.locator("[data-pending]").count(), 0);
  await page.context().close();
});
