/**
 * Loaded on every page. Everything here improves markup that works without it:
 *
 * - `<form data-confirm="question" data-confirm-words data-confirm-label data-confirm-kind="danger">` asks in a dialog
 *   instead of by its `.without-script` checkbox;
 * - every POST form is sent once per press (`data-submit="again"` opts out);
 * - `<button data-copy data-copied="…">` copies the text of the `.copyable` around it;
 * - `<button data-opens="id">` opens that dialog; `[data-print]` prints; `[data-focus]` takes the focus on load;
 * - `<details data-menu>` closes on Escape and on a click elsewhere;
 * - the theme switch works without a page load; toasts leave by themselves.
 */
import { confirmForms } from "./confirm";
import { dialogs } from "./dialogs";
import { guardForms } from "./guard";
import { menus } from "./menus";
import { themeSwitch } from "./theme";
import { toasts } from "./toasts";
import { copyButtons } from "./copy";

confirmForms();
guardForms();
menus();
dialogs();
copyButtons();
themeSwitch();
toasts();

for (const element of document.querySelectorAll<HTMLElement>("[data-focus]")) {
  element.focus();
}
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
});
