/** Sends a POST form once, however often the button is pressed, and shows that it is on its way. */
export function guardForms(): void {
  const sent = new Set<HTMLFormElement>();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (form.method !== "post" || form.dataset["submit"] === "again") return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    const button = event instanceof SubmitEvent ? event.submitter : null;
    if (button?.classList.contains("button")) button.setAttribute("aria-busy", "true");
  });

  // Coming back by the browser's history finds the page as it was left: the form is ready again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of sent) {
      for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
    }
    sent.clear();
  });
}
