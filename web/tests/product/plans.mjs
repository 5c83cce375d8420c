// Pay first, then have an account, and a year of subscription: as a new user does it with a browser, without a script.
import assert from "node:assert/strict";
import test from "node:test";
import { account, enter, app, newAddress, password, until, visitor } from "./app.mjs";

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

/** How many invoices the customer has, all pages of the list together. */
async function invoices(page) {
  await page.goto("/invoices");
  let count = await page.locator("#invoices tr").count();
  for (let next = page.locator("a[rel=next]"); (await next.count()) > 0; count += await page.locator("#invoices tr").count()) {
    await submit(page, "a[rel=next]");
  }
  return count;
}

/** Presses a button of the sandbox's clock. */
async function turn(page, clock, press) {
  await page.goto(clock);
  await submit(page, `button[value=${press}]`);
}

/** Waits on a page until it says something; answers it. */
async function says(page, path, selector, words) {
  await page.goto(path);
  return patience(page, `${path} says ${words}`, async () => words.test((await page.locator(selector).allInnerTexts()).join(" ")));
}

/** Changes to another plan, past the page that says what it costs and when. */
async function change(page, plan, period = "month") {
  await page.goto(`/plans?period=${period}`);
  await submit(page, `a[href^='/plans/confirm?plan=${plan}&period=${period}']`);
  const facts = await page.locator("main form .facts").innerText();
  await submit(page, "main form[action='/plans/confirm'] button[type=submit]");
  return facts;
}

test("sign up by paying, then a year of subscription", async () => {
  const page = await visitor("ja", { javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  const email = newAddress("first");
  await page.goto("/");
  assert.ok(await page.locator(".plan").count(), "the front page shows the plans");
  await pay(page, "business", email);
  const facts = await page.locator("main").innerText();
  assert.ok(!facts.includes(email), "the page never shows the address");

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
  assert.equal(await invoices(page), 13, "each has its invoice");

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
  assert.deepEqual(page.complaints, [], `nothing is complained about at ${app.url}`);
});

test("a year with everything that happens: up, down, a card that fails, an end taken back, and an end", async () => {
  const ren = await account("蓮", "year");
  const page = await visitor("ja", { javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  await enter(page, ren);
  await pay(page, "pro");
  await page.goto("/admin/settings");
  await submit(page, "form[action='/admin/settings/portal'] button");
  const clock = page.url();
  assert.deepEqual(await balance(page), [203, 50_000]);
  await turn(page, clock, "advance_month");
  await until("the second month is paid", async () => (await balance(page))[1] === 100_000);

  // Better at once: the difference is said before the button is pressed, and paid with it.
  const better = await change(page, "business");
  assert.match(better, /¥[1-9][0-9,]*/, "the price of the change stands on the page");
  await says(page, "/admin/settings", "#plan", /ビジネス/);
  await until("the better plan's credits are there", async () => (await balance(page))[1] > 100_000);
  assert.equal(await invoices(page), 3, "the change has its own invoice");

  // Smaller with the next period; until then everything stays.
  await change(page, "starter");
  await says(page, "/admin/settings", "#plan", /スターター/);
  assert.match(await page.locator("#plan .balances__number").innerText(), /ビジネス/);
  await turn(page, clock, "advance_month");
  await says(page, "/admin/settings", "#plan .balances__number", /スターター/);
  const tokens = (await balance(page))[1];
  assert.ok(tokens > 100_000, "tokens that came before stay until they expire");

  // The card fails: a warning and a mail; it works again, and the month's credits come with the payment.
  await turn(page, clock, "fail_card");
  await turn(page, clock, "advance_month");
  await says(page, "/admin/pages", ".alert--warning", /カード/);
  await says(page, "/dev/mail", "article", new RegExp(`お支払いを確認できませんでした[^]*${ren.email}`));
  await turn(page, clock, "repair_card");
  await page.goto("/admin/pages");
  await patience(page, "the warning is gone", async () => (await page.locator(".alert--warning").count()) === 0);

  // An end that is taken back, and one that comes.
  await page.goto("/admin/settings");
  await page.check("form[action='/admin/settings/cancel'] [name=confirmed]");
  await submit(page, "form[action='/admin/settings/cancel'] button[type=submit]");
  await submit(page, "form[action='/admin/settings/resume'] button");
  await turn(page, clock, "advance_month");
  await says(page, "/admin/settings", "#plan .balances__number", /スターター/);
  await page.check("form[action='/admin/settings/cancel'] [name=confirmed]");
  await submit(page, "form[action='/admin/settings/cancel'] button[type=submit]");
  await turn(page, clock, "advance_month");
  await says(page, "/admin/settings", "#plan .balances__number", /フリー/);
  assert.equal((await balance(page))[1], tokens, "tokens outlive the plan");
  await page.goto(clock);
  assert.equal(await page.locator("button[value=advance_month]").count(), 0, "the clock has stopped");

  // Who was never able to pay is on the free plan in the end, and can begin again.
  await pay(page, "pro");
  await page.goto("/admin/settings");
  await submit(page, "form[action='/admin/settings/portal'] button");
  const second = page.url();
  assert.notEqual(second, clock);
  await turn(page, second, "fail_card");
  await turn(page, second, "advance_month");
  await says(page, "/admin/pages", ".alert--warning", /カード/);
  await turn(page, second, "run_out");
  await says(page, "/admin/settings", "#plan .balances__number", /フリー/);
  assert.equal(await page.locator(".alert--warning, .alert--danger").count(), 0, "nothing is asked for any more");
});
