/* What pages may ask of the browser beyond links and forms. Every page works without it. By attribute:

   data-theme-choice="auto|light|dark"  a button that remembers the theme
   data-closes      a <details> menu that closes on Escape or a click elsewhere
   data-dismiss     a button that takes its message away
   data-opens="ID"  a link that opens the <dialog> ID instead of its own page; data-shuts closes the one around it
   data-print       a button that prints the page
   data-copy="TEXT" a button that copies TEXT and says so (data-copied="…")
   data-submits     a field that sends its form when it changes
   data-once        a form that can be sent only once
   data-adds="ID"   a button that adds a line to a formset's table: <template id=ID> with __prefix__ */

const root = document.documentElement;

function showTheme() {
  const current = root.dataset.theme || "auto";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.toggleAttribute("aria-current", button.dataset.themeChoice === current);
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === current));
  }
}

function chooseTheme(button) {
  const choice = button.dataset.themeChoice;
  if (choice === "auto") delete root.dataset.theme;
  else root.dataset.theme = choice;
  try {
    localStorage.setItem("theme", choice);
  } catch (error) { /* not remembered, but shown */ }
  showTheme();
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  if (button.dataset.copied) button.lastChild.textContent = button.dataset.copied;
}

function openDialog(link, event) {
  const dialog = document.getElementById(link.dataset.opens);
  if (!dialog || !dialog.showModal) return;
  event.preventDefault();
  dialog.showModal();
}

function addLine(button, event) {
  const template = document.getElementById(button.dataset.adds);
  const form = button.closest("form");
  const total = form.querySelector('[name$="-TOTAL_FORMS"]');
  const lines = form.querySelector(".lines tbody");
  if (!template || !total || !lines) return;
  event.preventDefault();
  const line = document.createElement("tbody");
  line.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
  const row = lines.appendChild(line.firstElementChild);
  total.value = Number(total.value) + 1;
  row.querySelector("input, select").focus();
}

const CLICKS = {
  "[data-theme-choice]": chooseTheme,
  "[data-dismiss]": (button) => button.closest(".message").remove(),
  "[data-opens]": openDialog,
  "[data-shuts]": (button) => button.closest("dialog").close(),
  "[data-print]": () => window.print(),
  "[data-copy]": copy,
  "[data-adds]": addLine,
};

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-closes][open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target);
  for (const [selector, act] of Object.entries(CLICKS)) {
    const found = event.target.closest(selector);
    if (found) act(found, event);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-closes][open]");
  closeMenus(null);
  if (menu) menu.firstElementChild.focus();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

/* A page taken from the browser's memory may be sent again; what was folded away belongs on paper. */
window.addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent));
window.addEventListener("beforeprint", () => document.querySelectorAll("main details:not(.act)").forEach((fold) => { fold.open = true; }));

showTheme();
