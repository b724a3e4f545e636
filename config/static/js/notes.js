/* Minutes that save themselves while somebody types. Without this script the form has its button.

   data-keeps="ADDRESS"   the form; its [name=version] is the version that is on the server
   data-says              where it is said what is saved

   What is typed stays in the page until the server has it: without a network it is tried again, and the browser asks before the page is
   left. Where somebody else has saved meanwhile nothing is overwritten: their text is shown under ours, section by section, and saving goes
   on when the button is pressed. */

const PAUSE = 2000, AGAIN = 10000;
const form = document.querySelector("form[data-keeps]"), words = form.dataset;
const says = form.querySelector("[data-says] span"), version = form.querySelector('[name="version"]');
const fields = [...form.querySelectorAll("textarea")];
let saved = text(), timer = null, isSaving = false, clashes = false, leaves = false;

function text() {
  return JSON.stringify(fields.map((field) => field.value));
}

function say(sentence, tone) {
  says.textContent = sentence;
  says.parentElement.className = `panel tone-${tone}`;
}

function soon(pause) {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

function showTheirs(answer) {
  form.querySelectorAll("[data-theirs]").forEach((shown) => shown.remove());
  for (const name of answer.differ) {
    const field = form.querySelector(`textarea[name="${name}"]`);
    const shown = document.createElement("div");
    shown.dataset.theirs = name;
    shown.className = "panel tone-warn";
    const inner = document.createElement("div"), label = document.createElement("p"), quote = document.createElement("p"), button = document.createElement("button");
    label.textContent = words.clash;
    quote.className = "quote";
    quote.textContent = answer.theirs[name] || "—";
    button.type = "button";
    button.className = "button is-small";
    button.textContent = words.take;
    button.addEventListener("click", () => {
      field.value = [field.value, answer.theirs[name] || ""].filter(Boolean).join("\n");
      shown.remove();
      field.focus();
    });
    inner.append(label, quote, button);
    shown.append(inner);
    field.after(shown);
  }
}

async function save() {
  if (isSaving || clashes || text() === saved) return;
  isSaving = true;
  const sent = text();
  say(words.saving, "info");
  try {
    const body = new FormData(form);
    body.delete("close");
    const reply = await fetch(words.keeps, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
    const answer = await reply.json();
    if (answer.state === "kept") {
      version.value = answer.version;
      saved = sent;
      say(`${words.saved} ${new Date().toTimeString().slice(0, 5)}`, "good");
    } else if (answer.state === "stale_notes") {
      clashes = true;
      version.value = answer.version;
      showTheirs(answer);
      say(answer.message, "bad");
    } else {
      say(answer.message, "bad"); // said again with the next letter, not by itself
      isSaving = false;
      return;
    }
  } catch (error) {
    say(words.waiting, "warn");
    soon(AGAIN);
  }
  isSaving = false;
  if (text() !== saved && !clashes) soon(AGAIN);
}

form.addEventListener("input", () => soon(PAUSE));
form.addEventListener("submit", () => { leaves = true; });
window.addEventListener("online", () => soon(0));
window.addEventListener("pageshow", () => { leaves = false; });
window.addEventListener("beforeunload", (event) => {
  if (!leaves && text() !== saved) event.preventDefault();
});
