/* Logging a claim with fewer taps. By attribute:

   data-fills="ID" data-value="VALUE"  a button that fills the field ID
   data-keyboard="ID"        a button that brings the whole keyboard to the field ID instead of the one with digits, for 叁仟, 1.2万
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
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-keyboard]");
  if (!button) return;
  const fields = button.dataset.keyboard ? [document.getElementById(button.dataset.keyboard)] : [...button.closest("form").querySelectorAll("input[inputmode]")];
  const has_all = button.getAttribute("aria-pressed") === "true";
  for (const field of fields.filter((one) => ["decimal", "text"].includes(one.inputMode))) field.inputMode = has_all ? "decimal" : "text";
  button.setAttribute("aria-pressed", String(!has_all));
  if (button.dataset.keyboard) fields[0].focus();
});
document.addEventListener("change", showWhatIsAsked);
document.addEventListener("input", showWhatIsAsked);
document.addEventListener("htmx:afterSwap", showWhatIsAsked);
document.addEventListener("click", () => setTimeout(showWhatIsAsked)); // another line may have come
showWhatIsAsked();
