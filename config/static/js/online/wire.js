/* What this browser and the house say to each other, in turns: letters for the others out, letters and the list of people in.
   Short requests; often while something happens, seldom while nothing does. A turn that fails is made again with the same
   letters, a letter is told again until its number was heard. */

const OnlineWire = (() => {
  const FAST = 300, SLOW = 1500, AT_DOOR = 2000, EAGER = 5000, MOST = 40, PATIENCE = 8000, LONGEST = 5000;
  const SILENCE = 11000; // a little less than the house's AWAY

  /* hooks: in(answer), waiting(answer), ended(state), again(), offline(), refused(message), me(), heard() */
  function open(base, csrf, hooks) {
    let peer = "", after = "", lastHeard = 0, queue = [], timer = 0, busy = false, over = false, eager = 0, fails = 0;

    function next(delay) {
      clearTimeout(timer);
      if (!over) timer = setTimeout(turn, delay);
    }

    async function post(path, body, headers = {}, patience = PATIENCE) {
      const stop = new AbortController(), limit = setTimeout(() => stop.abort(), patience);
      try {
        return await fetch(base + path, { method: "POST", headers: { "X-CSRFToken": csrf, Accept: "application/json", ...headers }, body, signal: stop.signal, cache: "no-store" });
      } finally {
        clearTimeout(limit);
      }
    }

    async function turn() {
      if (busy || over) return;
      busy = true;
      clearTimeout(timer);
      if (peer && Date.now() - lastHeard > SILENCE) anew();
      const letters = queue.splice(0, MOST);
      try {
        const body = JSON.stringify({ peer, after, heard: hooks.heard(), me: hooks.me(), send: letters });
        const answer = await post("talk/", body, { "Content-Type": "application/json" });
        if (over) return;
        if (answer.status === 404 || answer.status === 403) return end("gone");
        const said = await answer.json();
        if (!answer.ok) return wait(said.message, letters, answer.status);
        fails = 0;
        lastHeard = Date.now();
        heard(said);
      } catch (error) {
        if (!over) wait("", letters, 0);
      } finally {
        busy = false;
      }
    }

    /* Not now: the letters stay at the front. */
    function wait(message, letters, status) {
      queue = letters.concat(queue);
      fails += 1;
      if (message) hooks.refused(message, status);
      else if (fails > 1) hooks.offline();
      next(Math.min(LONGEST, 500 * 2 ** fails));
    }

    function heard(said) {
      if (said.state === "in") {
        if (said.letters.length) {
          after = said.letters[said.letters.length - 1].n;
          eager = Date.now() + EAGER;
        }
        if (!peer) eager = Date.now() + EAGER;
        peer = said.peer;
        hooks.in(said);
        next(queue.length ? 0 : Date.now() < eager ? FAST : SLOW);
      } else if (said.state === "waiting" || said.state === "removed") {
        forget();
        hooks.waiting(said);
        next(AT_DOOR);
      } else if (said.state === "again") {
        anew();
        next(0);
      } else {
        end(said.state);
      }
    }

    /* A phone that was locked, a network that was away: the others have given this browser up by now, and what is left of the old
       connections would not fit their new ones. It greets like one that has just come. */
    function anew() {
      forget();
      hooks.again();
    }

    function forget() {
      peer = after = "";
      queue = [];
    }

    function end(state) {
      over = true;
      clearTimeout(timer);
      hooks.ended(state);
    }

    return {
      send(to, kind, data) {
        queue.push({ to, kind, data });
        eager = Date.now() + EAGER;
        next(busy ? 60 : 30);
      },
      hurry() { eager = Date.now() + EAGER; next(0); },
      act(fields) { return post("act/", new URLSearchParams(fields)); },
      post,
      get base() { return base; },
      leave() {
        if (over) return;
        over = true;
        clearTimeout(timer);
        if (peer) fetch(`${base}leave/`, { method: "POST", headers: { "X-CSRFToken": csrf }, body: new URLSearchParams({ peer }), keepalive: true }).catch(() => {});
      },
      start() { next(0); },
    };
  }

  return { open };
})();
