/**
 * Passkeys. Markup: `<form data-passkey="log-in|second-factor|prove|register" data-domain="house.example"
 * data-text-cancelled data-text-failed data-text-known>` with hidden inputs `ceremony` and `credential`, a submit button,
 * and `<p data-passkey-problem hidden role="alert">`. Pressing the button asks the server for a challenge and the device
 * for an answer, puts the answer into the hidden inputs and sends the form. `data-confirm-at` is where to go when the
 * server wants a recent proof first. Where the browser or the address has no passkeys, the form is hidden and what is
 * `[data-passkey-missing]` beside it is shown.
 */
import { creationAnswer, creationOptions, requestAnswer, requestOptions } from "./wire";

type Purpose = "log-in" | "second-factor" | "prove" | "register";

const OPTIONS: Record<Purpose, { path: string; body: object }> = {
  "log-in": { path: "/api/auth/passkeys/options", body: { purpose: "log_in" } },
  "second-factor": { path: "/api/auth/passkeys/options", body: { purpose: "second_factor" } },
  prove: { path: "/api/auth/passkeys/options", body: { purpose: "prove" } },
  register: { path: "/api/account/passkeys/options", body: {} },
};

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) passkeyForm(form);

function passkeyForm(form: HTMLFormElement): void {
  if (!isPossible(form.dataset["domain"] ?? "")) {
    form.hidden = true;
    const missing = form.parentElement?.querySelector<HTMLElement>("[data-passkey-missing]");
    if (missing) missing.hidden = false;
    return;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
    if (button?.disabled) return;
    if (button) button.disabled = true;
    say(form, "");
    void answer(form).then((words) => {
      if (button) button.disabled = false;
      say(form, words);
    });
  });
}

/** Browsers have passkeys in secure contexts, and for the domain of the page or one above it. */
function isPossible(domain: string): boolean {
  const here = location.hostname;
  return window.isSecureContext && "PublicKeyCredential" in window && (here === domain || here.endsWith(`.${domain}`));
}

/** Sends the form, or resolves with what to say instead. */
async function answer(form: HTMLFormElement): Promise<string> {
  const purpose = form.dataset["passkey"] as Purpose;
  const failed = form.dataset["textFailed"] ?? "";
  const begun = await begin(purpose).catch(() => null);
  if (begun === null) return failed;
  if ("error" in begun) {
    const confirmAt = form.dataset["confirmAt"];
    if (begun.error === "reauthentication_required" && confirmAt) {
      location.assign(confirmAt);
      return "";
    }
    return begun.title ?? failed;
  }
  try {
    const credential =
      purpose === "register"
        ? creationAnswer(await navigator.credentials.create({ publicKey: creationOptions(begun.publicKey) }))
        : requestAnswer(await navigator.credentials.get({ publicKey: requestOptions(begun.publicKey) }));
    fill(form, "ceremony", begun.ceremony);
    fill(form, "credential", JSON.stringify(credential));
    form.submit();
    return "";
  } catch (fault) {
    const name = fault instanceof DOMException ? fault.name : "";
    if (name === "InvalidStateError") return form.dataset["textKnown"] ?? failed;
    return name === "NotAllowedError" || name === "AbortError" ? (form.dataset["textCancelled"] ?? failed) : failed;
  }
}

interface Begun {
  ceremony: string;
  publicKey: Record<string, unknown>;
}

async function begin(purpose: Purpose): Promise<Begun | { error: string; title?: string }> {
  const { path, body } = OPTIONS[purpose];
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  return response.json();
}

function fill(form: HTMLFormElement, name: string, value: string): void {
  const input = form.elements.namedItem(name);
  if (input instanceof HTMLInputElement) input.value = value;
}

function say(form: HTMLFormElement, words: string): void {
  const place = form.querySelector<HTMLElement>("[data-passkey-problem]");
  if (!place) return;
  place.textContent = words;
  place.hidden = words === "";
}
