const asked = new WeakSet<HTMLFormElement>();

/** Asks before a form with `data-confirm` is sent; the checkbox that does so without script is taken out. */
export function confirmForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-confirm]")) relax(form);
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || form.dataset["confirm"] === undefined) return;
      relax(form);
      if (asked.delete(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const submitter = event instanceof SubmitEvent ? event.submitter : null;
      ask(form, submitter);
    },
    { capture: true },
  );
}

/** A hidden checkbox cannot be ticked: it counts as ticked once the dialog asks. */
function relax(form: HTMLFormElement): void {
  for (const box of form.querySelectorAll<HTMLInputElement>(".without-script input[required]")) {
    box.required = false;
    box.checked = true;
  }
}

function ask(form: HTMLFormElement, submitter: HTMLElement | null): void {
  const template = document.querySelector<HTMLTemplateElement>("template[data-confirm-template]");
  const dialog = template?.content.querySelector("dialog")?.cloneNode(true);
  if (!(dialog instanceof HTMLDialogElement)) return;
  const title = dialog.querySelector(".dialog__title");
  const words = dialog.querySelector<HTMLElement>(".dialog__words");
  const go = dialog.querySelector("[data-confirm-go]");
  if (title) title.textContent = form.dataset["confirm"] ?? "";
  if (words) {
    words.textContent = form.dataset["confirmWords"] ?? "";
    words.hidden = words.textContent === "";
  }
  if (go) {
    go.textContent = form.dataset["confirmLabel"] ?? "OK";
    if (form.dataset["confirmKind"] === "danger") go.classList.add("button--danger");
  }
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "go") {
      asked.add(form);
      form.requestSubmit(submitter);
    } else {
      submitter?.focus();
    }
  });
  document.body.append(dialog);
  dialog.showModal();
}
