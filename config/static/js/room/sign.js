/* The signing page: sent without leaving it, so that a name written while the connection was gone does not have to be written again.

   data-signs-off="ADDRESS"   the form; data-offline, data-signed-out, data-broken: what is said; data-person: whose page this is */

const off = document.querySelector("form[data-signs-off]");

if (off) {
  const tells = off.querySelector("[data-sends]"), button = off.querySelector("button.is-primary");
  const say = (sentence) => { tells.hidden = !sentence; tells.querySelector("span").textContent = sentence || ""; if (sentence) tells.scrollIntoView({ block: "nearest" }); };
  off.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    say("");
    const answer = await RoomPost.send(off, off.dataset.signsOff);
    button.disabled = false;
    if (answer.to) location.assign(answer.to);
    else say(answer.message || off.dataset[{ offline: "offline", signed_out: "signedOut", other_person: "otherPerson" }[answer.state] || "broken"]);
  });
}
