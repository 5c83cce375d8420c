// The ways in and the ways to pay with nothing but a keyboard.
import assert from "node:assert/strict";
import test from "node:test";
import { account, app, newAddress, password, until, visitor } from "./app.mjs";
import { enterOn, tabTo, typeInto } from "./tabbing.mjs";
import { codeOf } from "./totp.mjs";

const at = (page) => new URL(page.url()).pathname;

async function logIn(page, email, secret, next) {
  await page.goto(`/login?next=${next}`);
  await typeInto(page, "[name=email]", email);
  await typeInto(page, "[name=password]", secret);
  await enterOn(page, "form[action='/login'] button[type=submit]");
}

test("a second factor is set up, asked for, and the password is changed", async () => {
  const person = await account("Kei", "keys");
  const page = await visitor("en");
  await logIn(page, person.email, password, "/account/security");
  assert.equal(at(page), "/account/security");
  await enterOn(page, "form[action='/account/security/totp'] button");
  await tabTo(page, "main summary");
  await page.keyboard.press("Enter");
  const secret = (await page.locator(".copyable__text").innerText()).trim();
  await typeInto(page, "[name=code]", codeOf(secret));
  await enterOn(page, "form[action='/account/security/totp/confirm'] button[type=submit]");
  assert.equal(await page.locator(".codes__code").count(), 10);
  const [recovery] = await page.locator(".codes__code").allInnerTexts();
  await enterOn(page, "main a[href='/account/security']");

  // The password, with the one before it.
  await tabTo(page, "#password summary");
  await page.keyboard.press("Enter");
  await typeInto(page, "[name=currentPassword]", password);
  await typeInto(page, "[name=password]", "a louder app in the valley");
  await enterOn(page, "form[action='/account/password'] button[type=submit]");
  assert.equal(at(page), "/account/security");
  assert.equal(await page.locator(".error-summary").count(), 0);

  // Out by the menu, and in again with the new password and a second proof.
  await tabTo(page, ".menu__button", "Shift+Tab");
  await page.keyboard.press("Enter");
  await enterOn(page, "form[action='/logout'] button");
  await logIn(page, person.email, "a louder app in the valley", "/me");
  assert.equal(at(page), "/login/second-factor");
  await typeInto(page, "#field-code", "000000");
  await enterOn(page, "form[action='/login/second-factor']:has(#field-code) button[type=submit]");
  assert.ok(await page.evaluate(() => document.activeElement?.matches(".error-summary")), "what is wrong has the focus");
  await tabTo(page, "main summary");
  await page.keyboard.press("Enter");
  await typeInto(page, "#recovery-code", recovery);
  await enterOn(page, "form:has(#recovery-code) button[type=submit]");
  assert.equal(at(page), "/me");
  assert.deepEqual(page.complaints.filter((complaint) => !complaint.includes("status of 401")), []);
});

test("a plan is chosen and paid for by a stranger", async () => {
  const page = await visitor("ja", { viewport: { width: 360, height: 740 } });
  const email = newAddress("keys");
  await page.goto("/plans");
  await enterOn(page, "a[href^='/plans/confirm?plan=starter']");
  await enterOn(page, "main form[action='/plans/confirm'] button[type=submit]");
  await typeInto(page, "[name=email]", email);
  await enterOn(page, "button[value=succeed]");
  assert.equal(at(page), "/welcome");
  await until("the welcome is there", async () => (await page.locator("[data-pending]").count()) === 0);
  await enterOn(page, "main a[href^='/login']");
  assert.equal(at(page), "/login");
  assert.deepEqual(page.complaints, [], `nothing is complained about at ${app.url}`);
});
