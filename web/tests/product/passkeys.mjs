// Passkeys in a real browser: Chromium's virtual authenticator is the device, and the page's policy stays as it is.
import assert from "node:assert/strict";
import test from "node:test";
import { account, app, password, visitor } from "./app.mjs";

// A app at a loopback address takes the passkeys of `localhost`: browsers have none for a bare address.
const baseURL = app.url?.replace("127.0.0.1", "localhost");

const press = (page, selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);

/** A visitor's browser with a device that unlocks itself. */
async function withDevice(language, options = {}) {
  const page = await visitor(language, { baseURL, ...options });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const unlocks = (isUserVerified) => devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  return { page, unlocks };
}

async function logIn(page, person, next) {
  await page.goto(`/login?next=${next}`);
  await page.fill("[name=email]", person.email);
  await page.fill("[name=password]", password);
  await press(page, "form[action='/login'] button[type=submit]");
}

async function logOut(page) {
  await page.click(".menu__button");
  await press(page, "form[action='/logout'] button");
}

test("a passkey is added, opens the account alone, and is the second proof after a password", async () => {
  const person = await account("町屋 花", "keeper");
  const { page, unlocks } = await withDevice("ja", { viewport: { width: 360, height: 800 } });
  await logIn(page, person, "/account/security");
  assert.ok(page.url().endsWith("/account/security"), page.url());
  await page.fill("#passkey-name", "花の電話");
  await press(page, "form[data-passkey=register] button[type=submit]");
  assert.equal(await page.locator(".codes__code").count(), 10, "recovery codes are shown once");
  await press(page, "main a[href='/account/security']");
  assert.match(await page.locator("#passkeys .rows__name").innerText(), /花の電話/);

  // The same device makes no second one.
  await page.click("form[data-passkey=register] button[type=submit]");
  await page.locator("form[data-passkey=register] [data-passkey-problem]").filter({ hasText: "登録済み" }).waitFor();

  await logOut(page);
  await page.goto("/login?next=/account/security");
  await press(page, "form[data-passkey=log-in] button[type=submit]");
  assert.ok(page.url().endsWith("/account/security"), `without a name or a password, in: ${page.url()}`);
  assert.doesNotMatch(await page.locator("#passkeys .rows").innerText(), /まだ使っていません/);

  await logOut(page);
  await logIn(page, person, "/me");
  assert.match(page.url(), /\/login\/second-factor\?next=%2Fme$/);
  await press(page, "form[data-passkey=second-factor] button[type=submit]");
  assert.ok(page.url().endsWith("/me"), page.url());
  assert.deepEqual(page.complaints, [], "nothing was stopped by the page's policy");

  // A device that is held and not unlocked is nobody.
  await logOut(page);
  await unlocks(false);
  await page.goto("/login");
  await page.click("form[data-passkey=log-in] button[type=submit]");
  await page.locator("form[data-passkey=log-in] [data-passkey-problem]:not([hidden])").waitFor();
  assert.match(page.url(), /\/login$/);
});

test("a passkey is renamed and taken away; then the password alone opens the account again", async () => {
  const person = await account("Nao Arai", "owner");
  const { page } = await withDevice("en");
  await logIn(page, person, "/account/security");
  await press(page, "form[data-passkey=register] button[type=submit]");
  await press(page, "main a[href='/account/security']");
  await page.click("#passkeys .rows details summary");
  await page.fill("#passkeys .rows [name=name]", "Fixture at home");
  await press(page, "#passkeys .rows form[action$='/name'] button");
  assert.match(await page.locator("#passkeys .rows__name").innerText(), /Fixture at home/);
  await page.click("#passkeys .rows details summary");
  await page.click("#passkeys .rows form[action$='/remove'] button");
  await page.locator("dialog[open]").waitFor();
  await press(page, "dialog[open] .button--danger");
  assert.equal(await page.locator("#passkeys .rows").count(), 0);
  await logOut(page);
  await logIn(page, person, "/me");
  assert.ok(page.url().endsWith("/me"), page.url());
  assert.deepEqual(page.complaints, []);
});

test("without script, and at an address without passkeys, the password is the way", async () => {
  const bare = await visitor("en", { baseURL, javaScriptEnabled: false });
  await bare.goto("/login");
  assert.equal(await bare.locator("form[data-passkey]:visible").count(), 0);
  assert.equal(await bare.locator("form[action='/login'] button:visible").count(), 1);
  const numbered = await visitor("en");
  await numbered.goto("/login");
  assert.equal(await numbered.locator("form[data-passkey]:visible").count(), 0);
});
