/* Minutes that save themselves while somebody types. Without this script the form has its button.

   data-keeps="ADDRESS"   the form; its [name=version] is the version that is on the server
   data-about, data-person   which minutes, and whose page this is
   data-says              where it is said what is saved

   What is typed is kept on this device at once (kept.js) and sent a moment later (post.js): a lost connection, a closed page or an ended
   session loses nothing. Where somebody else has saved meanwhile nothing is overwritten: their text is shown under ours, section by section,
   and saving goes on when the button is pressed. */

const PAUSE = 2000, AGAIN = 10000, KEPT_AFTER = 300;
const form = document.querySelector("form[data-keeps]"), words = form.dataset;
const says = form.querySelector("[data-says] span"), version = form.querySelector('[name="version"]');
const fields = [...form.querySelectorAll("textarea")];
// what the server sent; somebody quick may have typed before this script was here
const sent = Object.fromEntries(fields.map((field) => [field.name, field.defaultValue]));
let saved = JSON.stringify(Object.values(sent)), timer = null, keeping = null, isSaving = false, clashes = false, leaves = false;

function values() {
  return Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

function text() {
  return JSON.stringify(fields.map((field) => field.value));
}

function say(sentence, tone, link = null) {
  says.textContent = sentence;
  if (link) says.append(" ", link);
  says.parentElement.className = `panel tone-${tone}`;
}

function soon(pause) {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

function keep() {
  clearTimeout(keeping);
  return RoomKept.put({ values: values(), version: version.value });
}

function showTheirs(theirs, differ) {
  form.querySelectorAll("[data-theirs]").forEach((shown) => shown.remove());
  for (const name of differ) {
    const field = form.querySelector(`textarea[name="${name}"]`);
    const shown = document.createElement("div");
    shown.dataset.theirs = name;
    shown.className = "panel tone-warn";
    const inner = document.createElement("div"), label = document.createElement("p"), quote = document.createElement("p"), button = document.createElement("button");
    label.textContent = words.clash;
    quote.className = "quote";
    quote.textContent = theirs[name] || "—";
    button.type = "button";
    button.className = "button is-small";
    button.textContent = words.take;
    button.addEventListener("click", () => {
      field.value = [field.value, theirs[name] || ""].filter(Boolean).join("\n");
      shown.remove();
      keep();
      field.focus();
    });
    inner.append(label, quote, button);
    shown.append(inner);
    field.after(shown);
  }
}

function signIn() {
  const link = document.createElement("a");
  link.href = words.signIn;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = words.signInSays;
  return link;
}

const TROUBLES = {
  offline: () => say(RoomKept.isSafe ? words.waiting : words.waitingHere, "warn"),
  broken: () => say(RoomKept.isSafe ? words.broken : words.waitingHere, "warn"),
  signed_out: () => say(words.signedOut, "bad", signIn()),
  other_person: () => say(words.otherPerson, "bad"),
};

/* true: what stands in the page is on the server. */
async function save() {
  if (isSaving || clashes) return false;
  if (text() === saved) {
    await RoomKept.drop();
    return true;
  }
  isSaving = true;
  clearTimeout(timer);
  const said = text();
  say(words.saving, "info");
  const answer = await RoomPost.send(form, words.keeps, { close: null });
  isSaving = false;
  if (answer.state === "kept") {
    version.value = answer.version;
    saved = said;
    if (text() === said) {
      await RoomKept.drop();
      say(`${words.saved} ${new Date().toTimeString().slice(0, 5)}`, "good");
      return true;
    }
    soon(PAUSE);
  } else if (answer.state === "stale_notes") {
    clashes = true;
    version.value = answer.version;
    await keep();
    showTheirs(answer.theirs, answer.differ);
    say(answer.message, "bad");
  } else if (answer.state in TROUBLES) {
    TROUBLES[answer.state]();
    if (answer.state !== "other_person") soon(AGAIN);
  } else {
    say(answer.message, "bad"); // said again with the next letter, not by itself
  }
  return false;
}

/* What was left behind on this device comes back into the page. */
async function restore() {
  const left = await RoomKept.open(words.about, words.person);
  const differ = left ? Object.keys(sent).filter((name) => (left.values[name] || "") !== sent[name]) : [];
  if (!differ.length) {
    if (text() === saved) return RoomKept.drop();
    soon(PAUSE);
    return keep();
  }
  for (const field of fields) if (field.value === sent[field.name]) field.value = left.values[field.name] || "";
  const at = new Date(left.at).toTimeString().slice(0, 5);
  if (String(left.version) === version.value) {
    say(words.found.replace("{at}", at), "info");
    soon(PAUSE);
  } else { // it was changed on the server since: both stand there, nothing is sent by itself
    clashes = true;
    showTheirs(sent, differ);
    say(words.foundBeside.replace("{at}", at), "bad");
  }
}

form.addEventListener("input", () => {
  clearTimeout(keeping);
  keeping = setTimeout(keep, KEPT_AFTER);
  soon(PAUSE);
});

/* First what is typed reaches the house, then the page is left: without a network it stays, with everything in it. */
form.addEventListener("submit", async (event) => {
  if (leaves) return;
  event.preventDefault();
  const button = event.submitter;
  clashes = false; // both texts were before the eyes
  form.querySelectorAll("[data-theirs]").forEach((shown) => shown.remove());
  while (isSaving) await new Promise((done) => setTimeout(done, 100));
  if (!(await save())) return;
  leaves = true;
  form.requestSubmit(button);
});
window.addEventListener("online", () => soon(0));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && text() !== saved) keep();
  if (document.visibilityState === "visible" && text() !== saved) soon(0); // signed in again in another tab
});
window.addEventListener("pageshow", () => { leaves = false; });
window.addEventListener("beforeunload", (event) => {
  if (!leaves && text() !== saved && !RoomKept.isSafe) event.preventDefault();
});
restore();
