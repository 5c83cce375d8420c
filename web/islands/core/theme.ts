/** The theme switch without a page load: the server is told in the background and keeps it in a cookie. */
export function themeSwitch(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-theme-switch]");
  form?.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const root = document.documentElement;
    if (button.value === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = button.value;
    for (const option of form.querySelectorAll("button[name=theme]")) {
      option.setAttribute("aria-pressed", String(option === button));
    }
    void fetch(form.action, {
      method: "POST",
      body: new URLSearchParams({ theme: button.value, next: "/" }),
      redirect: "manual",
      keepalive: true,
    });
  });
}
