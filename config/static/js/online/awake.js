/* A phone that nobody touches locks itself, and with it the camera. While somebody is in the room the screen stays on, where a
   browser can do that. */

const OnlineAwake = (() => {
  let wish = false, lock = null;

  async function ask() {
    if (!wish || lock || !navigator.wakeLock || document.visibilityState !== "visible") return;
    try {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => { lock = null; });
      if (!wish) end();
    } catch (error) {
      lock = null; // a battery that is nearly empty: then it locks
    }
  }

  function end() {
    wish = false;
    if (lock) lock.release().catch(() => {});
    lock = null;
  }

  document.addEventListener("visibilitychange", ask);
  return { begin() { wish = true; ask(); }, end };
})();
