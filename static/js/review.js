// Keys of the review: N takes the next case, A accepts, R rejects, D decides and takes the next, J and K go from line to
// line, T takes this case, B gives it back. Each key presses a button or goes to a field that is there without this script.
(() => {
  "use strict";
  const typing = (target) => target.matches("input:not([type=radio]):not([type=checkbox]), select, textarea");
  const field = (name) => document.querySelector(`#decide [name="${name}"]`);

  const choose = (outcome) => {
    const select = field("all-outcome");
    if (!select) return false;
    select.value = outcome;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    (outcome === "accepted" ? document.querySelector("[data-key=d]") : field("all-reason"))?.focus();
    return true;
  };

  const row = (step) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return false;
    const at = rows.indexOf(document.activeElement?.closest("[data-row]"));
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
    (next.querySelector("a, summary, button") || next).focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };

  const ACTS = {
    a: () => choose("accepted"),
    r: () => choose("rejected"),
    j: () => row(1),
    k: () => row(-1),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && typing(event.target)) {
      event.target.blur();
      return;
    }
    if (typing(event.target)) return;
    const key = event.key.toLowerCase();
    const button = document.querySelector(`[data-key="${key}"]`);
    if (button) button.click();
    else if (!ACTS[key] || !ACTS[key]()) return;
    event.preventDefault();
  });
})();
