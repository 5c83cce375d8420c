// The pages of an account, of plans and invoices, and of the operators, with people in every state that one can be in.
import { app, newAddress, password, until, visitor } from "./app.mjs";
import { codeOf } from "./totp.mjs";

export const submit = (page, selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);

/** A browser without a script, which is the quickest; a person's is logged in since the sign-up. */
const bare = (person) => person?.page ?? visitor("ja", { javaScriptEnabled: false });

const post = (page, path, options) =>
  page.context().request.post(path, { headers: { origin: app.url }, maxRedirects: 0, ...options });

/** Somebody who signs up by the page and stays logged in, since the app slows down who logs in again and again. */
async function resident(displayName, name) {
  const page = await bare(null);
  const email = newAddress(name);
  const answer = await post(page, "/signup", { form: { displayName, email, password, next: "/me" } });
  if (answer.status() !== 303) throw new Error(`sign-up answered ${answer.status()}: ${await answer.text()}`);
  return { email, page, storageState: await page.context().storageState() };
}

/** A picture of whoever's browser it is. */
async function draw(page) {
  const answers = { vibe: ["minimal"], silhouette: ["a-line"], color: ["navy"], occasion: ["office"], season: ["spring"] };
  const answer = await post(page, "/api/nano/generate?wait=60", { data: { aspectRatio: "3:4", answers } });
  if (!answer.ok()) throw new Error(`a picture: ${answer.status()} ${await answer.text()}`);
}

/** Begins a plan and pays for it; answers the addresses of the sandbox's page and of the welcome. */
async function subscribe(page, plan, { email, outcome = "succeed", period = "month" } = {}) {
  await page.goto(`/plans/confirm?plan=${plan}&period=${period}`);
  await submit(page, "main form[action='/plans/confirm'] button[type=submit]");
  const sandbox = page.url();
  if (email) await page.fill("[name=email]", email);
  if (outcome) await submit(page, `button[value=${outcome}]`);
  if (outcome === "succeed") {
    await until("the plan is there", async () => (await page.locator("[data-pending]").count()) === 0 || (await page.reload(), false));
  }
  return { sandbox, here: page.url() };
}

/** The address of the sandbox's clock for somebody's subscription. */
async function clockOf(page) {
  await page.goto("/admin/settings");
  await submit(page, "form[action='/admin/settings/portal'] button");
  return page.url();
}

async function turn(page, clock, ...presses) {
  for (const press of presses) {
    await page.goto(clock);
    await submit(page, `button[value=${press}]`);
  }
}

/** A link of the newest mail to somebody that has one like it. */
async function linkTo(page, email, like) {
  return until(`a mail to ${email} with ${like}`, async () => {
    await page.goto("/dev/mail");
    const texts = await page.locator("article", { hasText: email }).allInnerTexts();
    return texts.map((text) => text.match(new RegExp(`http\\S*${like}\\S*`))?.[0]).find(Boolean);
  });
}

async function createPayer(person) {
  const page = await bare(person);
  await subscribe(page, "business");
  const clock = await clockOf(page);
  await turn(page, clock, "advance_month");
  await page.goto("/admin/settings/packs/1");
  await submit(page, "main form button[type=submit]");
  await submit(page, "button[value=succeed]");
  await draw(page);
  await page.goto("/invoices");
  const invoice = await until("invoices are there", async () =>
    (await page.locator("#invoices tr").count()) >= 3
      ? page.locator("#invoices a").first().getAttribute("href")
      : (await page.reload(), null));
  return { clock, invoice };
}

async function createSecured(person) {
  const page = await bare(person);
  await page.goto("/account/security");
  await submit(page, "form[action='/account/security/totp'] button");
  const secret = (await page.locator(".copyable__text").first().textContent()).trim();
  await page.fill("[name=code]", codeOf(secret));
  await submit(page, "form[action='/account/security/totp/confirm'] button[type=submit]");
  await page.goto("/account/tokens");
  await page.fill("[name=name]", "夜間の在庫同期スクリプト");
  await submit(page, "form[action='/account/tokens'] button[type=submit]");
  await page.goto("/account/data");
  await submit(page, "form[action='/account/exports'] button");
  return page.context().storageState();
}

/** Who pays first: the welcome in each of its states, and the links of the mails. */
async function payFirst(payer) {
  const email = newAddress("street");
  const page = await bare(null);
  const open = await subscribe(page, "pro", { outcome: null });
  const declined = await subscribe(page, "pro", { outcome: "decline" });
  const paid = await subscribe(page, "starter", { email });
  const givenBack = await subscribe(page, "starter", { email: payer.email });
  const first = await linkTo(page, email, "/reset-password/confirm");
  await page.goto(first);
  await page.fill("[name=password]", password);
  await submit(page, "main form button[type=submit]");
  const nobody = await bare(null);
  await nobody.goto("/reset-password");
  await nobody.fill("[name=email]", email);
  await submit(nobody, "main form button[type=submit]");
  const reset = await linkTo(nobody, email, "/reset-password/confirm\\S+type=recovery");
  const welcome = (sandbox) => `/welcome?session_id=${new URL(sandbox).pathname.split("/").pop()}`;
  return {
    open: open.sandbox, declined: declined.here, paid: paid.sandbox, waiting: welcome(open.sandbox), welcome: paid.here,
    givenBack: givenBack.here, reset, used: first,
  };
}

/** People and things; made once for all who look at the pages. */
export async function createAccountStates() {
  const operator = { email: process.env.MACHIYA_OPERATOR, password: process.env.MACHIYA_OPERATOR_PASSWORD };
  if (!operator.email) throw new Error("MACHIYA_OPERATOR names no operator's mail address");
  const names = ["payer", "fresh", "due", "ends", "over", "secured", "leaving"];
  const made = await Promise.all(names.map((name) => resident(name === "payer" ? "町屋 花子（株式会社まちや被服企画室 東京支店）" : "新井 直", name)));
  const people = Object.fromEntries(names.map((name, index) => [name, made[index]]));
  const unpaid = async () => {
    const page = await bare(people.due);
    await subscribe(page, "pro");
    const clock = await clockOf(page);
    await turn(page, clock, "fail_card", "advance_month");
    return clock;
  };
  const ending = async () => {
    const page = await bare(people.ends);
    await subscribe(page, "enterprise", { period: "year" });
    await page.goto("/admin/settings");
    await page.check("form[action='/admin/settings/cancel'] [name=confirmed]");
    await submit(page, "form[action='/admin/settings/cancel'] button[type=submit]");
    return clockOf(page);
  };
  const ended = async () => {
    const page = await bare(people.over);
    await subscribe(page, "starter");
    const clock = await clockOf(page);
    await turn(page, clock, "cancel_now");
    return clock;
  };
  const leaving = async () => {
    const page = await bare(people.leaving);
    await page.goto("/account/data");
    await page.check("form[action='/account/deletion'] [name=confirmed]");
    await submit(page, "form[action='/account/deletion'] button[type=submit]");
  };
  const mailbox = async () => linkTo(await bare(null), people.fresh.email, "/verify-email");
  const [payer, dueClock, endsClock, overClock, securedState, verify] = await Promise.all([
    createPayer(people.payer), unpaid(), ending(), ended(), createSecured(people.secured), mailbox(), leaving(),
  ]);
  const street = await payFirst(people.payer);
  people.secured = { ...people.secured, storageState: securedState };
  return { people: { ...people, operator }, payer, street, verify, clocks: { due: dueClock, ends: endsClock, over: overClock }, secured: people.secured };
}

const unfold = (page) => page.evaluate(() => document.querySelectorAll("main details").forEach((details) => (details.open = true)));
const fill = (fields, button) => async (page) => {
  for (const [name, value] of Object.entries(fields)) await page.fill(`main [name=${name}]`, value);
  await submit(page, button ?? "main form button[type=submit]");
};
/** Presses a button whose form asks first, and says yes. */
const insist = (button) => async (page) => {
  await page.click(button);
  await submit(page, "dialog[open] [data-confirm-go]");
};

/** The pages: `[name, address, whose or null, status, what to do once it is there]`. */
export function accountPages({ payer, street, verify, clocks, secured }) {
  return [...loggedOut(street, verify, secured), ...accounts(), ...billing(payer, clocks), ...operators()];
}

function loggedOut(street, verify, secured) {
  const half = async (page) => {
    await page.context().clearCookies();
    await page.goto("/login");
    await fill({ email: secured.email, password }, "form[action='/login'] button[type=submit]")(page);
  };
  return [
    ["sandbox, a plan", street.open, null, 200],
    ["sandbox, a wrong address", street.open, null, 200, fill({ email: "x@y" }, "button[value=succeed]")],
    ["sandbox, declined", street.declined, null, 200],
    ["sandbox, subscribed", street.paid, null, 200],
    ["welcome, waiting", street.waiting, null, 200],
    ["welcome", street.welcome, null, 200],
    ["welcome, given back", street.givenBack, null, 200],
    ["plans, nothing paid", "/plans?canceled=true", null, 200],
    ["forgot", "/reset-password", null, 200],
    ["forgot, sent", "/reset-password", null, 200, fill({ email: "nobody@example.jp" })],
    ["reset", street.reset, null, 200],
    ["reset, a poor password", street.reset, null, 200, fill({ password: "password1234567" })],
    ["a link that was used", street.used, null, 410],
    ["verify the address", verify, null, 200],
    ["second factor", null, null, 200, half],
    ["second factor, wrong", null, null, 200, async (page) => {
      await half(page);
      await page.fill("#field-code", "000000");
      await submit(page, "form[action='/login/second-factor']:has(#field-code) button[type=submit]");
    }],
  ];
}

function accounts() {
  const wrongPassword = async (page) => {
    await unfold(page);
    await fill({ currentPassword: "not the password", password: "another quiet house" }, "form[action='/account/password'] button[type=submit]")(page);
  };
  return [
    ["security", "/account/security", "fresh", 200, unfold],
    ["security, a wrong password", "/account/security", "fresh", 200, wrongPassword],
    ["security with a second factor", "/account/security", "secured", 200, unfold],
    ["authenticator app", "/account/security", "fresh", 200, (page) => submit(page, "form[action='/account/security/totp'] button")],
    ["recovery codes", "/account/security", "secured", 200, insist("form[action='/account/security/recovery-codes'] button")],
    ["is it you", "/account/confirm?next=/account/security", "fresh", 200],
    ["tokens", "/account/tokens", "secured", 200],
    ["tokens, none", "/account/tokens", "fresh", 200],
    ["a token is made", "/account/tokens", "secured", 200, fill({ name: "CI" }, "form[action='/account/tokens'] button[type=submit]")],
    ["data", "/account/data", "secured", 200],
    ["data, leaving", "/account/data", "leaving", 200],
    ["leave?", "/account/data", "fresh", 200, (page) => page.click("form[action='/account/deletion'] button")],
  ];
}

function billing(payer, clocks) {
  return [
    ["usage", "/account/usage", "payer", 200],
    ["usage, none", "/account/usage", "fresh", 200],
    ["usage, no period", "/account/usage?from=2026-12-01&to=2026-11-01", "payer", 422],
    ["settings of a subscriber", "/admin/settings", "payer", 200],
    ["settings, unpaid", "/admin/settings", "due", 200],
    ["settings, ending", "/admin/settings", "ends", 200],
    ["settings, ended", "/admin/settings", "over", 200],
    ["end the plan?", "/admin/settings", "payer", 200, (page) => page.click("form[action='/admin/settings/cancel'] button")],
    ["pages, unpaid", "/admin/pages", "due", 200],
    ["plans of a subscriber", "/plans", "payer", 200],
    ["a better plan", "/plans/confirm?plan=enterprise&period=month", "payer", 200],
    ["a smaller plan", "/plans/confirm?plan=pro&period=month", "payer", 200],
    ["invoices", "/invoices", "payer", 200],
    ["invoices, none", "/invoices", "fresh", 200],
    ["an invoice", payer.invoice, "payer", 200],
    ["addressee of invoices", "/invoices/addressee", "payer", 200],
    ["clock", payer.clock, "payer", 200, unfold],
    ["clock, unpaid", clocks.due, "due", 200],
    ["clock, ending", clocks.ends, "ends", 200],
    ["clock, ended", clocks.over, "over", 200],
  ];
}

function operators() {
  const person = async (page) => {
    await page.goto("/console/users?plan=business");
    await submit(page, "#people a");
  };
  return [
    ["statistics", "/console/stats", "operator", 200, unfold],
    ["people", "/console/users", "operator", 200],
    ["people, nobody", "/console/users?q=nobody-has-this-name", "operator", 200],
    ["a person", null, "operator", 200, person],
    ["a person, a wrong correction", null, "operator", 200, async (page) => {
      await person(page);
      await page.fill("#field-amount", "many");
      await page.fill("#field-reason >> nth=0", "…");
      await insist("form[action$='/credits'] button[type=submit]")(page);
    }],
    ["plans of the console", "/console/plans", "operator", 200],
    ["a plan, wrong", "/console/plans", "operator", 200, async (page) => {
      await submit(page, "main tbody a");
      await page.fill("#field-tokens", "many");
      await page.fill("#field-reason", "…");
      await insist("main form button[type=submit]")(page);
    }],
    ["prices", "/console/prices", "operator", 200],
    ["a price, wrong", "/console/prices", "operator", 200, async (page) => {
      await submit(page, "main tbody a");
      await page.fill("#field-tokens", "many");
      await page.fill("#field-reason", "…");
      await insist("main form button[type=submit]")(page);
    }],
  ];
}
