import { toast } from "../toast";

/** `<button data-copy>` copies the text of the `.copyable` around it, or of the element named by `data-copy="#id"`. */
export function copyButtons(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
    if (!button) return;
    const selector = button.dataset["copy"];
    const source = selector ? document.querySelector(selector) : button.closest(".copyable")?.querySelector(".copyable__text");
    if (source) void copy(source, button);
  });
}

async function copy(source: Element, button: HTMLElement): Promise<void> {
  const text = source instanceof HTMLInputElement ? source.value : (source.textContent ?? "");
  try {
    await navigator.clipboard.writeText(text.trim());
    toast(button.dataset["copied"] ?? "");
  } catch {
    // Without permission the text is selected instead, so that one key press copies it.
    getSelection()?.selectAllChildren(source);
  }
}
