/**
 * Shows one question at a time. The address keeps the step (`#silhouette`), so the browser's back button goes one
 * question back, and nothing that was answered is lost.
 */
export interface Wizard {
  show(step: string, options?: { push?: boolean; focus?: boolean }): void;
  current(): string;
}

export function wizard(form: HTMLFormElement, onShow: (step: string) => void): Wizard {
  const steps = [...form.querySelectorAll<HTMLElement>("[data-step]")];
  const names = steps.map((step) => step.dataset["step"] ?? "");
  const links = [...form.querySelectorAll<HTMLAnchorElement>(".stepper__link")];
  const back = form.querySelector<HTMLButtonElement>("[data-back]");
  const next = form.querySelector<HTMLButtonElement>("[data-next]");
  const go = form.querySelector<HTMLElement>("[data-generate]");
  let at = 0;

  const fromAddress = (): number => Math.max(0, names.indexOf(decodeURIComponent(location.hash.slice(1))));

  const draw = (focus: boolean): void => {
    steps.forEach((step, index) => (step.hidden = index !== at));
    links.forEach((link, index) => {
      if (index === at) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
      link.closest(".stepper__step")?.classList.toggle("stepper__step--done", index < at);
    });
    const last = at === steps.length - 1;
    if (back) back.hidden = at === 0;
    if (next) next.hidden = last;
    if (go) go.hidden = !last;
    if (focus) {
      const title = steps[at]?.querySelector<HTMLElement>(".studio__question-title");
      title?.focus({ preventScroll: true });
      form.scrollIntoView({ block: "start" });
    }
    onShow(names[at] ?? "");
  };

  const show: Wizard["show"] = (step, { push = true, focus = true } = {}) => {
    const index = names.indexOf(step);
    if (index < 0) return;
    at = index;
    if (push && fromAddress() !== index) history.pushState(null, "", `#${encodeURIComponent(step)}`);
    draw(focus);
  };

  window.addEventListener("popstate", () => {
    at = fromAddress();
    draw(true);
  });
  links.forEach((link, index) =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(names[index] ?? "");
    }),
  );
  back?.addEventListener("click", () => show(names[at - 1] ?? ""));
  next?.addEventListener("click", () => show(names[at + 1] ?? ""));

  at = fromAddress();
  draw(false);
  form.dataset["ready"] = "";
  return { show, current: () => names[at] ?? "" };
}
