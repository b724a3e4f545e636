/* Logging a claim with fewer taps. By attribute:

   data-fills="ID" data-value="VALUE"  a button that fills the field ID
   data-if="NAME=VALUE"      shown only while the choice NAME of its form is VALUE
   data-unless="NAME=VALUE"  hidden while it is; what was typed there stays */

function chosen(form, name) {
  const field = form.elements[name];
  return field ? field.value : "";
}

function fits(part, rule) {
  const [name, value] = rule.split("=");
  const form = part.closest("form");
  return !form || chosen(form, name) === value;
}

function showWhatIsAsked() {
  for (const part of document.querySelectorAll("[data-if]")) part.hidden = !fits(part, part.dataset.if) && !part.querySelector(".error");
  for (const part of document.querySelectorAll("[data-unless]")) part.hidden = fits(part, part.dataset.unless) && !part.querySelector(".error");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fills]");
  if (!button) return;
  const field = document.getElementById(button.dataset.fills);
  field.value = button.dataset.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("change", showWhatIsAsked);
document.addEventListener("input", showWhatIsAsked);
document.addEventListener("htmx:afterSwap", showWhatIsAsked);
document.addEventListener("click", () => setTimeout(showWhatIsAsked)); // another line may have come
showWhatIsAsked();
