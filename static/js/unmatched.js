// Keys for the queue of unmatched names: J and K go from row to row, 1 to 9 choose, Enter does the row.
// Without this script every row has its own button and choices, so nothing is lost.
(() => {
  "use strict";
  const rows = () => [...document.querySelectorAll("[data-row], [data-done]")];
  const here = () => document.activeElement && document.activeElement.closest("[data-row], [data-done]");

  const go = (row) => {
    if (!row) return;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  };

  const next = (row, step) => {
    const all = rows();
    const at = all.indexOf(row);
    go(at < 0 ? all[0] : all[at + step]);
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=radio]):not([type=checkbox]), select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = here();
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      next(row, key === "j" ? 1 : -1);
    } else if (row && /^[1-9]$/.test(key)) {
      const choice = row.querySelectorAll("input[type=radio]")[Number(key) - 1];
      if (choice) choice.click();
    } else if (row && key === "enter" && !event.target.matches("a, button")) {
      row.querySelector("button[name=only]")?.click();
    } else {
      return;
    }
    event.preventDefault();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const done = event.detail.elt;
    if (!done || !done.matches || !done.matches("[data-row], [data-done]")) return;
    if (done.matches("[data-done]")) next(done, 1);
    else go(done);
  });
})();
