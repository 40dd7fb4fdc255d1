"use strict";
// Keeps a page live: it listens to /api/v1/stream and fetches the page's #live part anew when an event concerns it.
// The server renders everything; without this script the pages work and stand still.
(() => {
  const LEAST_PAUSE_MS = 700;
  const RETRY_MS = [1000, 2000, 5000, 10000];
  const WORDS = { live: "Live", again: "Reconnecting…", off: "Not live" };

  let source = null;
  let retries = 0;
  let retryTimer = 0;
  let missed = false;
  let dirty = false;
  let refreshing = false;
  let lastRefresh = 0;

  const region = () => document.getElementById("live");

  function show(state) {
    const link = document.getElementById("link");
    if (link.dataset.link !== state) {
      link.dataset.link = state;
      document.getElementById("link-words").textContent = WORDS[state];
    }
  }

  // A person who is marking text would lose the selection: the fetch waits for them.
  function busy(live) {
    const selection = document.getSelection();
    return selection !== null && !selection.isCollapsed && live.contains(selection.anchorNode);
  }

  function refreshSoon() {
    dirty = true;
    const wait = Math.max(0, lastRefresh + LEAST_PAUSE_MS - Date.now());
    window.setTimeout(refresh, wait);
  }

  async function refresh() {
    const live = region();
    if (!dirty || refreshing || !live || document.hidden) {
      return;
    }
    if (busy(live)) {
      window.setTimeout(refresh, 1000);
      return;
    }
    dirty = false;
    refreshing = true;
    try {
      await htmx.ajax("GET", location.pathname + location.search, { target: "#live", select: "#live", swap: "outerHTML" });
    } finally {
      refreshing = false;
      lastRefresh = Date.now();
      count();
      if (dirty) {
        refreshSoon();
      }
    }
  }

  function concerns(event) {
    const live = region();
    if (!live || !live.dataset.live.split(" ").includes(event.type)) {
      return false;
    }
    const match = live.dataset.liveMatch;
    return !match || event.data.includes(match);
  }

  function connect() {
    window.clearTimeout(retryTimer);
    source = new EventSource("/api/v1/stream");
    source.onopen = () => {
      show("live");
      retries = 0;
      if (missed) {
        missed = false;
        refreshSoon();
      }
    };
    source.onerror = () => {
      missed = true;
      show("again");
      // The browser goes on trying by itself unless it was refused.
      if (source.readyState === EventSource.CLOSED) {
        retryTimer = window.setTimeout(connect, RETRY_MS[Math.min(retries++, RETRY_MS.length - 1)]);
      }
    };
    // The service no longer knows what was missed.
    source.addEventListener("reset", refreshSoon);
    for (const type of ["verdict", "alert", "delivery", "outcome"]) {
      source.addEventListener(type, (event) => {
        if (concerns(event)) {
          refreshSoon();
        }
      });
    }
  }

  function disconnect() {
    window.clearTimeout(retryTimer);
    if (source !== null) {
      source.close();
      source = null;
    }
  }

  function span(minutes) {
    if (minutes < 60) {
      return minutes + " min";
    }
    if (minutes < 24 * 60) {
      return Math.floor(minutes / 60) + " h " + (minutes % 60) + " min";
    }
    return Math.floor(minutes / (24 * 60)) + " d " + (Math.floor(minutes / 60) % 24) + " h";
  }

  // The clocks of the alerts, in the words of the server.
  function count() {
    for (const due of document.querySelectorAll("[data-due]")) {
      const left = Date.parse(due.dataset.due) - Date.now();
      const words = (left < 0 ? "overdue by " : "due in ") + span(Math.floor(Math.abs(left) / 60000));
      if (due.textContent !== words) {
        due.textContent = words;
      }
      due.closest(".alert")?.classList.toggle("overdue", left < 0);
    }
  }

  document.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      try {
        await navigator.clipboard.writeText(copy.dataset.copy);
        copy.textContent = "Copied";
      } catch {
        copy.textContent = copy.dataset.copy;
      }
    }
    const dialog = document.getElementById("dialog");
    if (dialog.open && event.target.closest("[data-close]")) {
      event.preventDefault();
      dialog.close();
    }
  });

  // One key for what stands on the page: / searches, j and k walk along the rows, a letter presses its button.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) {
      return;
    }
    const key = event.key.toLowerCase();
    const search = document.querySelector("[data-search]");
    if (key === "/" && search) {
      event.preventDefault();
      search.focus();
    } else if (key === "j" || key === "k") {
      walk(key === "j" ? 1 : -1);
    } else if (!event.repeat && /^[a-z0-9]$/.test(key)) {
      document.querySelector('[data-key="' + key + '"]')?.click();
    }
  });

  function walk(step) {
    const rows = [...document.querySelectorAll("[data-row]")];
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.focus();
  }

  // A name that was entered once stands in the next form; it stays in this browser.
  const REMEMBERED = "leukostream.";

  function recall(root) {
    for (const input of root.querySelectorAll("[data-remember]")) {
      if (!input.value) {
        input.value = localStorage.getItem(REMEMBERED + input.dataset.remember) ?? "";
      }
    }
  }

  document.addEventListener("submit", (event) => {
    for (const input of event.target.querySelectorAll("[data-remember]")) {
      localStorage.setItem(REMEMBERED + input.dataset.remember, input.value);
    }
  }, true);

  // A field grows within its frame; what was in its middle stays there.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    const frame = document.getElementById("field-frame");
    if (!button || !frame) {
      return;
    }
    const middle = (frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth;
    const height = (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight;
    frame.classList.remove("zoom-2", "zoom-4");
    if (button.dataset.zoom !== "1") {
      frame.classList.add("zoom-" + button.dataset.zoom);
    }
    for (const other of document.querySelectorAll("[data-zoom]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    frame.scrollLeft = middle * frame.scrollWidth - frame.clientWidth / 2;
    frame.scrollTop = height * frame.scrollHeight - frame.clientHeight / 2;
  });

  // A picture that is kept no longer, or not yet: say so in its place.
  document.addEventListener("error", (event) => {
    if (event.target instanceof HTMLImageElement && event.target.src.includes("/api/v1/")) {
      const gone = document.createElement("span");
      gone.className = "gone";
      gone.textContent = "This picture is not kept any more, or cannot be read now.";
      event.target.replaceWith(gone);
    }
  }, true);

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      disconnect();
    } else {
      missed = true;
      connect();
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const dialog = document.getElementById("dialog");
    if (event.detail.target.id === "dialog-body") {
      if (!dialog.open) {
        dialog.showModal();
      }
      recall(dialog);
      dialog.querySelector("[role=alert] ~ form input, form input")?.focus();
    }
  });

  // The server answers an acknowledgement with this event; the stream then brings the alert's new state.
  document.addEventListener("acknowledged", () => {
    document.getElementById("dialog").close();
    refreshSoon();
  });

  // A cell was labelled: its new tile has taken the place of the old one.
  document.addEventListener("labelled", () => document.getElementById("dialog").close());

  // Where a fetch fails, the stream's own mark says that the page is behind, and the next event tries again.
  document.addEventListener("htmx:sendError", () => show("again"));

  recall(document);
  window.setInterval(count, 10000);
  // What waits too long is told by no event: such a page looks by itself.
  window.setInterval(() => {
    if (region()?.hasAttribute("data-live-clock")) {
      refreshSoon();
    }
  }, 30000);
  if (region() && !document.hidden) {
    connect();
  }
})();
