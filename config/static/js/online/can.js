/* Can this browser take part at all? Asked at the door, and in the room if nothing else there has started. In the words of 2012:
   it must run where the rest does not. What is said stands in the page (online/_can.html). */

(function () {
  "use strict";
  var box = document.getElementById("can");
  if (!box) return;

  function isInApp() {
    return /MicroMessenger|QQ\/|DingTalk|AlipayClient|Weibo|aweme|Lark/i.test(navigator.userAgent);
  }

  function fault() {
    if (window.isSecureContext === false) return "http";
    var devices = navigator.mediaDevices && navigator.mediaDevices.getUserMedia;
    var isNew = window.RTCPeerConnection && RTCPeerConnection.prototype.addTransceiver && window.fetch && window.AbortController && Element.prototype.replaceChildren;
    if (devices && isNew) return "";
    return isInApp() ? "app" : "old";
  }

  function show(word) {
    if (!word) return;
    box.removeAttribute("hidden");
    var said = document.getElementById("can-" + word);
    if (said) said.removeAttribute("hidden");
  }

  function address() {
    var door = null;
    try { door = window.sessionStorage.getItem("online-door"); } catch (error) { /* a browser that keeps nothing */ }
    return box.getAttribute("data-room") ? door || location.href : location.href;
  }

  function copy() {
    var field = document.getElementById("can-address"), done = document.getElementById("can-copied");
    field.focus();
    field.setSelectionRange(0, field.value.length);
    var ok = false;
    try { ok = document.execCommand("copy"); } catch (error) { /* then by hand: it is selected */ }
    if (ok) done.removeAttribute("hidden");
  }

  document.getElementById("can-address").value = address();
  document.getElementById("can-copy").addEventListener("click", copy);
  if (!box.getAttribute("data-room")) {
    try { window.sessionStorage.setItem("online-door", location.href); } catch (error) { /* as above */ }
    show(fault());
  } else {
    window.addEventListener("load", function () { if (!window.onlinePeers) show(fault() || "old"); });
    window.onlineInApp = isInApp;
    window.onlineShowCan = show;
  }
})();
