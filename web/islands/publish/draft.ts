/**
 * What is typed survives a session that ended meanwhile and a link followed by mistake: the tab keeps it. On the form
 * of a picture that has been published before (`data-again`), what was sent once has been accepted and counts no more.
 */
export function keepDraft(form: HTMLFormElement): void {
  const key = `machiya.draft:${location.pathname}`;
  const names = ["title", "licenseType", "maxSales", "price", "tags", "description"];

  // What the server has just sent back with its problems is newer than any draft.
  const draft = read(key);
  const isAccepted = form.dataset["again"] !== undefined && draft["sent"] === true;
  if (!isAccepted && !form.querySelector("[aria-invalid]")) write(form, names, draft);
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => store(key, form, names, false));
  form.addEventListener("submit", () => store(key, form, names, true));
}

function read(key: string): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    return kept && typeof kept === "object" ? (kept as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function store(key: string, form: HTMLFormElement, names: string[], sent: boolean): void {
  const typed = new FormData(form);
  const draft = Object.fromEntries(names.filter((name) => typed.has(name)).map((name) => [name, typed.get(name)]));
  try {
    sessionStorage.setItem(key, JSON.stringify({ ...draft, sent }));
  } catch {
    // Private windows of some browsers refuse; then the form simply does not survive.
  }
}

function write(form: HTMLFormElement, names: string[], draft: Record<string, unknown>): void {
  for (const name of names) {
    const value = draft[name];
    const field = form.elements.namedItem(name);
    if (typeof value !== "string" || !field) continue;
    if (field instanceof RadioNodeList || field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = value;
  }
}
