import type { Model } from "./generate";

/** What `GET /api/models` says of a model, as far as the page shows it. */
interface Offer {
  provider: string;
  model: string;
  cost: string;
  price?: { priceId: string };
}

/** The model that is chosen: `{provider}/{model}/{price}` in the field `model`. */
export function readModel(form: HTMLFormElement): Model | null {
  const [provider, model, priceId] = String(new FormData(form).get("model") ?? "").split("/");
  return provider && model ? { provider, model, priceId: priceId ?? "" } : null;
}

/** Puts the price of the chosen model, what there is and what will be left beside every button that costs something. */
export function showCost(form: HTMLFormElement): void {
  const chosen = form.querySelector<HTMLOptionElement>("select[name=model] option:checked");
  const line = chosen?.dataset["cost"] ?? form.querySelector("[data-cost]:not(option)")?.textContent ?? "";
  for (const place of document.querySelectorAll<HTMLElement>("[data-cost]:not(option)")) {
    if (place.textContent !== line) place.textContent = line;
  }
}

/** Asks again what everything costs, because something was paid or a price has changed. The old words stay if nobody answers. */
export async function refreshCost(form: HTMLFormElement): Promise<void> {
  const response = await fetch("/api/models", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!response?.ok) return;
  const body = (await response.json().catch(() => null)) as { items?: Offer[] } | null;
  for (const offer of body?.items ?? []) {
    const name = `${offer.provider}/${offer.model}`;
    const value = offer.price ? `${name}/${offer.price.priceId}` : name;
    for (const place of form.querySelectorAll<HTMLOptionElement | HTMLInputElement>("select[name=model] option, input[name=model]")) {
      if (place.value !== name && !place.value.startsWith(`${name}/`)) continue;
      place.value = value;
      if (place instanceof HTMLOptionElement) place.dataset["cost"] = offer.cost;
      else for (const line of form.querySelectorAll("[data-cost]")) line.textContent = offer.cost;
    }
  }
  showCost(form);
}
