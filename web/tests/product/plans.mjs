// Pay first, then have an account, and a year of subscription: as a new user does it with a browser, without a script.
import assert from "node:assert/strict";
import test from "node:test";
import { account, enter, house, newAddress, password, until, visitor } from "./house.mjs";

const submit = (page, selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);
const number = (text) => Number(text.replace(/[^0-9.]/g, ""));

/** Reloads as a patient person does, until the page says so. */
async function patience(page, what, holds) {
  return until(what, async () => (await holds(page)) || (await page.reload(), false));
}

/** Chooses a plan and pays for it at the sandbox. */
async function pay(page, plan, email) {
  await page.goto("/plans");
  await submit(page, `a[href^='/plans/confirm?plan=${plan}&period=month']`);
  assert.ok(await page.locator("a[href='/legal/commercial-transactions']").count(), "the law's page is beside the button");
  await submit(page, "main form[action='/plans/confirm'] button[type=submit]");
  if (email) await page.fill("[name=email]", email);
  await submit(page, "button[value=succeed]");
  assert.match(page.url(), /\/welcome\?session_id=/);
  await patience(page, "the plan is there", async () => (await page.locator("[data-pending]").count()) === 0);
}

/** The newest mail to somebody, as the development page shows it. */
async function mailTo(page, email) {
  return until(`a mail to ${email}`, async () => {
    await page.goto("/dev/mail");
    const mail = page.locator("article", { hasText: email }).first();
    return (await mail.count()) > 0 && (await mail.innerText());
  });
}

/** Image credits and tokens, as the customer's page has them. */
async function balance(page) {
  await page.goto("/admin/pages");
  return (await page.locator(".balances__number").allInnerTexts()).slice(0, 2).map(number);
}

test("sign up by paying, then a year of subscription", async () => {
  const page = await visitor("ja", { javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  const email = newAddress("first");
  await page.goto("/");
  assert.ok(await page.locator(".plan").count(), "the front page shows the plans");
  await pay(page, "business", email);
  const told = await page.locator("main").innerText();
  assert.ok(!told.includes(email), "the page never shows the address");

  // The mail's link sets the password and logs in.
  const mail = await mailTo(page, email);
  await page.goto(mail.match(/http\S*\/reset-password\/confirm\S+/)[0]);
  await page.fill("[name=password]", password);
  await submit(page, "main form button[type=submit]");
  assert.equal(new URL(page.url()).pathname, "/admin/pages");
  assert.deepEqual(await balance(page), [1_003, 100_000]);

  // A year at the sandbox: the way there is the portal's.
  await page.goto("/admin/settings");
  await submit(page, "form[action='/admin/settings/portal'] button");
  const clock = page.url();
  for (let month = 2; month <= 13; month += 1) {
    await page.goto(clock);
    await submit(page, "button[value=advance_month]");
    await until(`month ${month} has its credits`, async () => (await balance(page))[1] === month * 100_000);
  }
  assert.equal((await balance(page))[0], 1_003, "image credits of earlier months have ended");
  await page.goto("/admin/settings");
  const payments = page.locator("#payments tbody tr");
  assert.equal(await payments.count(), 13, "thirteen payments are listed");

  // The card fails, and works again.
  await page.goto(clock);
  await submit(page, "button[value=fail_card]");
  await submit(page, "button[value=advance_month]");
  await page.goto("/admin/pages");
  await patience(page, "the page warns of the card", async () => (await page.locator(".alert--warning").count()) > 0);
  await page.goto(clock);
  await submit(page, "button[value=repair_card]");
  await page.goto("/admin/pages");
  await patience(page, "the warning is gone", async () => (await page.locator(".alert--warning").count()) === 0);

  // A smaller plan waits for the next period; the end is asked for and taken back.
  await page.goto("/plans?period=month");
  await submit(page, "a[href^='/plans/confirm?plan=pro']");
  await submit(page, "main form[action='/plans/confirm'] button[type=submit]");
  assert.equal(new URL(page.url()).pathname, "/admin/settings");
  assert.match(await page.locator("#plan").innerText(), /プロ/);
  await page.check("form[action='/admin/settings/cancel'] [name=confirmed]");
  await submit(page, "form[action='/admin/settings/cancel'] button[type=submit]");
  await submit(page, "form[action='/admin/settings/resume'] button");
  assert.equal(await page.locator("form[action='/admin/settings/cancel']").count(), 1, "the plan goes on");
});

test("somebody with an account keeps it, buys tokens and changes the plan", async () => {
  const hana = await account("花", "member");
  const page = await visitor("en");
  await enter(page, hana);
  // A sandbox needs no verified address; the plan is paid as whoever is logged in.
  await pay(page, "starter");
  assert.deepEqual(await balance(page), [53, 0]);
  await page.goto("/admin/settings");
  await submit(page, "a[href='/admin/settings/packs/1']");
  await submit(page, "main form button[type=submit]");
  await submit(page, "button[value=succeed]");
  assert.equal(new URL(page.url()).pathname, "/admin/settings");
  await until("the tokens are there", async () => (await balance(page))[1] === 50_000);
  assert.match(await page.locator(".balance-chip").textContent(), /50,000 tokens/);
  await page.goto("/plans");
  await submit(page, "a[href^='/plans/confirm?plan=pro&period=month']");
  await submit(page, "main form[action='/plans/confirm'] button[type=submit]");
  await until("the better plan's credits are there", async () => (await balance(page))[0] > 150);
  // A second plan, paid as nobody with the same address, goes back.
  const street = await visitor("en");
  await pay(street, "business", hana.email);
  assert.match(await street.locator("main").innerText(), /goes back/);
  assert.deepEqual(page.complaints, [], `nothing is complained about at ${house.url}`);
});
