/**
 * The price form. Markup: `<form data-island="publish" data-share-basis-points="8000">` with an input `price` (or
 * the one named by `data-price`), radio buttons `licenseType`, `<output data-share-platform>`, `<output data-share-yours>`, and optionally `[data-for-license="…"]`
 * blocks that belong to some licences only. The server computes what counts; this only shows it while typing.
 */
import { keepDraft } from "./draft";
import { share, wholeYen } from "./share";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-island=publish]")) {
  keepDraft(form);
  priceForm(form);
}

function priceForm(form: HTMLFormElement): void {
  const price = form.elements.namedItem(form.dataset["price"] ?? "price");
  const platform = form.querySelector("[data-share-platform]");
  const yours = form.querySelector("[data-share-yours]");
  const basisPoints = Number(form.dataset["shareBasisPoints"] ?? "8000");

  const show = (): void => {
    if (!(price instanceof HTMLInputElement)) return;
    const yen = wholeYen(price.value);
    const parts = yen === null ? null : share(yen, basisPoints);
    if (platform) platform.textContent = parts ? sayYen(parts.platform) : "–";
    if (yours) yours.textContent = parts ? sayYen(parts.yours) : "–";
  };

  const showLicence = (): void => {
    const chosen = new FormData(form).get("licenseType");
    for (const block of form.querySelectorAll<HTMLElement>("[data-for-license]")) {
      const belongs = (block.dataset["forLicense"] ?? "").split(" ").includes(String(chosen));
      block.hidden = !belongs;
      for (const input of block.querySelectorAll<HTMLInputElement>("input, select, textarea")) input.disabled = !belongs;
    }
  };

  form.addEventListener("input", show);
  form.addEventListener("change", showLicence);
  if (price instanceof HTMLInputElement) {
    price.addEventListener("blur", () => {
      // Digits typed in full width, and separators, become what the server expects.
      const yen = wholeYen(price.value);
      if (yen !== null) price.value = String(yen);
    });
  }
  show();
  showLicence();
}

function sayYen(yen: number): string {
  return `¥${yen.toLocaleString("ja-JP")}`;
}
