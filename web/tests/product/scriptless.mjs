// The same job where no script runs: every step is a form, and what is wrong is said beside what was typed.
import assert from "node:assert/strict";
import test from "node:test";
import { account, password, until, visitor } from "./app.mjs";

const submit = (page, selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);

async function logIn(page, person, next) {
  await page.goto(next);
  assert.match(page.url(), /\/login\?next=/, "a page of one's own asks who is there");
  await page.fill("[name=email]", person.email);
  await page.fill("[name=password]", password);
  await submit(page, "main form button[type=submit]");
  assert.ok(page.url().endsWith(next), `it leads on to ${next}, not to ${page.url()}`);
}

/** Reloads as a patient person does, until there is what the page promised. */
async function patience(page, selector) {
  await until(`${selector} is there`, async () => (await page.locator(selector).count()) > 0 || (await page.reload(), false));
}

test("log in, make, publish, buy and download without script", async () => {
  const [maker, buyer] = await Promise.all([account("花", "maker"), account("Ren", "buyer")]);
  const shop = await visitor("ja", { javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  await logIn(shop, maker, "/me");
  await shop.goto("/studio");
  assert.equal(await shop.locator(".studio__step:visible").count(), 6, "all questions are on one page");
  assert.equal(await shop.locator(".needs-script:visible").count(), 0);
  for (const [name, value] of [["vibe", "street"], ["silhouette", "oversized"], ["color", "black"], ["occasion", "date"], ["season", "autumn"]]) {
    await shop.check(`input[name=${name}][value=${value}]`);
  }
  await submit(shop, "button[data-generate]");
  await patience(shop, "main img");
  await submit(shop, "a[href$='/publish']");
  await shop.fill("[name=title]", "");
  await submit(shop, "form[data-island=publish] button[type=submit]");
  assert.ok(await shop.locator("[name=title][aria-invalid=true]").count(), "the empty title is told");
  await shop.fill("[name=title]", "黒の外套");
  await submit(shop, "form[data-island=publish] button[type=submit]");
  await shop.goto("/gallery");
  const product = await shop.getByRole("link", { name: "黒の外套" }).first().getAttribute("href");

  const street = await visitor("en", { javaScriptEnabled: false });
  await logIn(street, buyer, `${product}/buy`);
  await submit(street, "main form button[type=submit]");
  await submit(street, "button[value=succeed]");
  await patience(street, "[data-order-state=delivered]");
  const [download] = await Promise.all([street.waitForEvent("download"), street.click("#order-state a[href*='/download']")]);
  assert.match(download.suggestedFilename(), /\.zip$/);

  await shop.goto("/me");
  await submit(shop, "#pictures a");
  await shop.check("form[action$='/unpublish'] [name=confirmed]");
  await submit(shop, "form[action$='/unpublish'] button[type=submit]");
  assert.equal((await fetch(new URL(product, shop.url()))).status, 410, "it is no longer shown");
  await shop.click(".menu__button");
  await submit(shop, "form[action='/logout'] button");
  await shop.goto("/me");
  assert.match(shop.url(), /\/login/, "who has left is asked again");
});
