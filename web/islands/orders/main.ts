/**
 * Waits for an order to move on. Markup: an element with an id and `data-island="orders"`, and inside it
 * `[data-pending]` for as long as something is still to come (payment, package). The page is asked again, at first
 * after one second and then ever more slowly, and the element is replaced by its newer self.
 */
import { fetchDocument } from "../document";

const first_ms = 1_000;
const slowest_ms = 15_000;
const givesUpAfter_ms = 20 * 60_000;

for (const element of document.querySelectorAll<HTMLElement>("[data-island=orders][id]")) void follow(element);

async function follow(start: HTMLElement): Promise<void> {
  let element = start;
  let wait_ms = first_ms;
  const began = performance.now();
  while (element.querySelector("[data-pending]") && performance.now() - began < givesUpAfter_ms) {
    await pause(wait_ms);
    if (document.visibilityState === "hidden") continue;
    wait_ms = Math.min(wait_ms * 1.4, slowest_ms);
    try {
      const page = await fetchDocument(location.href);
      const newer = page.getElementById(element.id);
      if (!newer) return;
      if (newer.outerHTML !== element.outerHTML) {
        element = replace(element, document.adoptNode(newer));
        wait_ms = first_ms;
      }
    } catch {
      // The network may come back; the next round tries again.
    }
  }
}

/** Swaps the element and has its new state announced; the focus stays where it was, if that still exists. */
function replace(element: HTMLElement, newer: HTMLElement): HTMLElement {
  const focusedId = element.contains(document.activeElement) ? document.activeElement?.id : undefined;
  element.replaceWith(newer);
  if (focusedId) document.getElementById(focusedId)?.focus();
  const status = newer.querySelector<HTMLElement>("[role=status]");
  if (status) {
    const words = [...status.childNodes];
    status.replaceChildren();
    requestAnimationFrame(() => status.replaceChildren(...words));
  }
  return newer;
}

function pause(duration_ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration_ms));
}
