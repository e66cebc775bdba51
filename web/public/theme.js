// Before the first paint, so that a dark console never flashes white. A file, because the hosting headers forbid inline scripts.
(function () {
  try {
    var chosen = localStorage.getItem("timbre.theme");
    var dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  } catch {
    document.documentElement.dataset.theme = "light";
  }
})();
