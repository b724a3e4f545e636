/* A form sent without leaving the page, so that a lost connection or an ended session loses nothing that stands in it.

   RoomPost.send(form, address, extra) answers
     {state: "offline"}      nothing came back; to be tried again
     {state: "signed_out"}   the session has ended; signed in again in another tab it goes on
     {state: "other_person"} somebody else has signed in meanwhile (form.dataset.person is whose page it is)
     {state: "broken"}       the house could not do it just now
     what the house said in JSON, else */

const RoomPost = (() => {
  const LONGEST = 20000; // milliseconds: a phone that shows bars and has no network
  const asks = { headers: { Accept: "application/json" }, redirect: "manual", credentials: "same-origin" };

  async function fetched(address, options) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), LONGEST);
    try {
      const reply = await fetch(address, { ...asks, ...options, signal: stop.signal });
      if (reply.type === "opaqueredirect") return { state: "signed_out" };
      const isJson = (reply.headers.get("Content-Type") || "").startsWith("application/json");
      return isJson ? await reply.json() : { state: reply.status === 403 ? "stale_token" : "broken" };
    } catch (error) {
      return { state: "offline" };
    } finally {
      clearTimeout(timer);
    }
  }

  /* After signing in again every page that was open has an old token. */
  async function renew(form, address) {
    const here = await fetched(address, { method: "GET" });
    if (here.state !== "here") return here;
    if (form.dataset.person && here.person !== form.dataset.person) return { state: "other_person" };
    for (const field of document.querySelectorAll('[name="csrfmiddlewaretoken"]')) field.value = here.token;
    return here;
  }

  async function send(form, address, extra = {}) {
    for (const again of [true, false]) {
      const body = new FormData(form);
      for (const [name, value] of Object.entries(extra)) value === null ? body.delete(name) : body.set(name, value);
      const answer = await fetched(address, { method: "POST", body });
      if (answer.state !== "stale_token") return answer;
      const here = again ? await renew(form, address) : { state: "broken" };
      if (here.state !== "here") return here;
    }
    return { state: "broken" };
  }

  return { send };
})();
