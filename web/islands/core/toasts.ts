import type { Tone } from "../toast";

const stays_ms = 6_000;

/** Shows what islands say in passing, and lets what the server said leave after a while. */
export function toasts(): void {
  const region = document.querySelector<HTMLElement>("[data-toasts]");
  if (!region) return;

  for (const shown of region.querySelectorAll<HTMLElement>("[data-toast]")) dismiss(shown);

  document.addEventListener("machiya:toast", (event) => {
    const { message, tone } = (event as CustomEvent<{ message: string; tone: Tone }>).detail;
    const template = document.querySelector<HTMLTemplateElement>(`template[data-toast-template="${tone}"]`);
    const shown = template?.content.querySelector("[data-toast]")?.cloneNode(true);
    if (!message || !(shown instanceof HTMLElement)) return;
    const words = shown.querySelector("p");
    if (words) words.textContent = message;
    // Two at most: an older one makes room.
    while (region.childElementCount > 1) region.firstElementChild?.remove();
    region.append(shown);
    dismiss(shown);
  });
}

/** Leaves by its button, or by itself; never while the pointer or the focus is on it. */
function dismiss(toast: HTMLElement): void {
  toast.querySelector(".toast__close")?.addEventListener("click", () => toast.remove());
  const leave = (): void => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, 1_000);
    else toast.remove();
  };
  setTimeout(leave, stays_ms);
}
