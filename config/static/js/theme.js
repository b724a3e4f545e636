/* Runs before the first paint, so that a remembered theme does not flash. Says too that scripts run (.only-js). */
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (error) { /* storage is switched off: the system's theme it is */ }
})();
