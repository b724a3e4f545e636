/* Another language without leaving the call: the page is asked for anew in it, and only its words are taken over. */

const OnlineLanguage = (() => {
  // What the script fills in itself; it says it again afterwards.
  const OWN = new Set(["stage", "door-rows", "chat-lines", "watch", "says-words", "trouble-words", "lacks", "pick-camera", "pick-microphone", "level-says", "line-says",
    "leaf-says", "leaf-place", "leaf-who", "follow", "shown-title", "shown-open", "consent-ask", "consent-state", "chat-count", "words", "language"]);
  const NAMES = ["aria-label", "placeholder", "title"];

  async function page(address, csrf, language, next) {
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": csrf }, body: new URLSearchParams({ language, next }), cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!found.getElementById("online")) throw new Error("no room");
    return found;
  }

  /* Texts and names from there to here, wherever both have the same parts. */
  function take(here, there) {
    if (here.id !== there.id || here.tagName !== there.tagName || OWN.has(here.id)) return;
    for (const name of NAMES) if (there.hasAttribute(name)) here.setAttribute(name, there.getAttribute(name));
    const mine = [...here.childNodes], theirs = [...there.childNodes];
    if (mine.length !== theirs.length) return;
    mine.forEach((part, at) => {
      const other = theirs[at];
      if (part.nodeType !== other.nodeType) return;
      if (part.nodeType === Node.TEXT_NODE) part.nodeValue = other.nodeValue;
      else if (part.nodeType === Node.ELEMENT_NODE) take(part, other);
    });
  }

  /* room: { words, csrf, base, say(word, tone), again() } */
  function open(room) {
    const bar = document.getElementById("language");
    bar.addEventListener("click", async (event) => {
      const button = event.target.closest("button");
      if (!button || button.getAttribute("aria-pressed") === "true") return;
      try {
        const found = await page(bar.dataset.address, room.csrf, button.value, room.base);
        take(document.body, found.body);
        document.title = found.title;
        document.documentElement.lang = found.documentElement.lang;
        Object.assign(room.words, JSON.parse(found.getElementById("words").textContent));
        for (const one of bar.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === button));
        room.again();
      } catch (error) {
        room.say("failed", "warn");
      }
    });
  }

  return { open };
})();
