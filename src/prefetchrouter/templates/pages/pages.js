
"use strict";
(() => {
  const PARTS = ["counters", "live"];
  const EACH = 1000;
  let tag = null;
  let paused = false;
  let asking = false;

  function ago(seconds) {
    if (seconds < 120) return `${Math.max(0, Math.floor(seconds))} s ago`;
    if (seconds < 7200) return `${Math.floor(seconds / 60)} min ago`;
    return `${Math.floor(seconds / 3600)} h ago`;
  }

  function tellTimes() {
    for (const time of document.querySelectorAll("time[data-at]")) {
      const text = ago(Date.now() / 1000 - Number(time.dataset.at));
      if (time.textContent !== text) time.textContent = text;
    }
  }

  function isBusy(part) {
    const chosen = getSelection();
    return chosen !== null && !chosen.isCollapsed && part.contains(chosen.anchorNode);
  }

  function nameOf(element) {
    return element.getAttribute("href") ?? element.getAttribute("value");
  }

  function replace(part, fresh) {
    if (isBusy(part) || part.innerHTML === fresh.innerHTML) return;
    const focused = part.contains(document.activeElement) ? nameOf(document.activeElement) : null;
    part.replaceChildren(...fresh.childNodes);
    if (focused === null) return;
    const again = [...part.querySelectorAll("a, button")].find((found) => nameOf(found) === focused);
    again?.focus({ preventScroll: true });
  }

  async function refresh() {
    if (paused || document.hidden || asking) return;
    asking = true;
    try {
      const headers = tag === null ? {} : { "if-none-match": tag };
      const answer = await fetch(location.href, { cache: "no-store", headers });
      if (answer.status !== 200) return;
      tag = answer.headers.get("etag");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of PARTS) {
        const part = document.getElementById(id);
        const fresh = page.getElementById(id);
        if (part !== null && fresh !== null) replace(part, fresh);
      }
      tellTimes();
    } catch {
      // The edge is stopped or restarts; it is polled again.
    } finally {
      asking = false;
    }
  }

  tellTimes();
  setInterval(tellTimes, EACH);
  const button = document.getElementById("pause");
  if (button === null) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    refresh();
  });
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, EACH);
})();
