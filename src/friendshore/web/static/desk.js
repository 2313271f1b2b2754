(() => {
  "use strict";
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const made = (name, properties = {}, ...inside) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...inside);
    return node;
  };
  const lang = document.documentElement.lang;
  const store = {
    get(key) { try { return sessionStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { sessionStorage.setItem(key, value); } catch { /* not kept */ } },
    drop(key) { try { sessionStorage.removeItem(key); } catch { /* not kept */ } },
  };

  /* Tables are sorted by a press on a head; what is unknown stays last. */
  const sort = (table, column, head) => {
    const body = table.tBodies[0];
    const numeric = head.classList.contains("n");
    const now = head.getAttribute("aria-sort");
    const down = now ? now === "ascending" : numeric;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => row.cells[column].dataset.v;
    const compare = (a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x === "" || y === "") return (x === "") - (y === "");
      const order = numeric && x - y === x - y ? x - y : x.localeCompare(y, lang, { numeric: true });
      return down ? -order : order;
    };
    body.append(...[...body.rows].sort(compare));
  };
  for (const table of all("table.data")) {
    if (!table.tHead || table.tHead.rows.length !== 1 || table.tBodies[0].rows.length < 2) continue;
    if (all("td, th", table.tBodies[0]).some((cell) => cell.dataset.v === undefined || cell.colSpan > 1)) continue;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = made("button", { type: "button", className: "sort" }, ...head.childNodes);
      button.addEventListener("click", () => sort(table, column, head));
      head.append(button);
    });
  }

  /* Suggestions for the word under the cursor; the browser's own list knows only whole fields. */
  const suggest = (input, place) => {
    const options = all("option", document.getElementById(input.getAttribute("list"))).map((one) => ({
      code: one.value, name: one.textContent.trim(), key: `${one.value} ${one.textContent}`.toLowerCase(),
    }));
    const list = made("ul", { id: `suggested-${place}`, hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0].firstChild.textContent.trim());
    const around = made("div", { className: "suggest" });
    const here = document.activeElement === input || input.autofocus;
    input.replaceWith(around);
    around.append(input, list);
    if (here) input.focus();
    input.removeAttribute("list");
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    })) input.setAttribute(name, value);
    let shown = [];
    let at = -1;
    const several = input.hasAttribute("data-several");
    const word = () => {
      const before = input.value.slice(0, input.selectionStart);
      return several ? before.split(/[\s,、]+/).pop() : before;
    };
    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (to) => {
      at = to;
      [...list.children].forEach((node, n) => node.setAttribute("aria-selected", String(n === at)));
      if (at < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    };
    const take = (one) => {
      const cursor = input.selectionStart;
      const start = cursor - word().length;
      const after = input.value.slice(cursor);
      const space = several && !after.startsWith(" ") ? " " : "";
      input.value = input.value.slice(0, start) + one.code + space + after;
      const end = start + one.code.length + space.length;
      input.setSelectionRange(end, end);
      close();
      input.focus();
    };
    const open = () => {
      const typed = word().trim().toLowerCase();
      const rank = (one) => (one.code.toLowerCase().startsWith(typed) ? 0
        : one.name.toLowerCase().startsWith(typed) ? 1 : one.key.includes(typed) ? 2 : 3);
      shown = typed ? options.map((one) => [rank(one), one]).filter(([n]) => n < 3)
        .sort((a, b) => a[0] - b[0] || a[1].name.length - b[1].name.length).slice(0, 12).map(([, one]) => one) : [];
      if (!shown.length || (shown.length === 1 && shown[0].code.toLowerCase() === typed)) return close();
      list.replaceChildren(...shown.map((one, n) => {
        const node = made("li", { id: `${list.id}-${n}` }, made("b", {}, one.code), one.name);
        node.setAttribute("role", "option");
        node.addEventListener("mousedown", (event) => { event.preventDefault(); take(one); });
        return node;
      }));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      mark(-1);
    };
    input.addEventListener("input", open);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (list.hidden) {
        if (event.key === "ArrowDown" && word()) { event.preventDefault(); open(); }
        return;
      }
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (move) {
        event.preventDefault();
        mark((at + move + shown.length + (at < 0 && move < 0 ? 1 : 0)) % shown.length);
      } else if (event.key === "Escape") {
        event.preventDefault();
        close();
      } else if (event.key === "Enter" && at >= 0) {
        event.preventDefault();
        take(shown[at]);
      }
    });
  };
  all("input[list]").forEach(suggest);

  /* What says nothing stays out of the address. */
  for (const form of all('form[method="get"]')) {
    form.addEventListener("formdata", (event) => {
      const told = [...event.formData.entries()].filter(([name, value]) => {
        const field = form.elements[name];
        return String(value).trim() !== "" && !(field && field.dataset && field.dataset.default === value);
      });
      for (const name of new Set(event.formData.keys())) event.formData.delete(name);
      for (const [name, value] of told) event.formData.append(name, String(value).trim());
    });
  }

  /* A link to something folded away opens it. */
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);

  /* The switch of language keeps place and what is open. */
  const folded = () => all("main details").map((one) => Number(one.open)).join("");
  const kept = `kept ${location.pathname}`;
  const keep = () => store.set(kept, JSON.stringify({ y: scrollY, open: folded() }));
  const back = JSON.parse(store.get(kept) || "null");
  store.drop(kept);
  if (back) {
    const parts = all("main details");
    if (back.open.length === parts.length) parts.forEach((one, n) => { one.open = back.open[n] === "1"; });
    scrollTo({ top: back.y, behavior: "instant" });
  } else if (location.hash) reveal();
  for (const link of all(".switch")) {
    link.addEventListener("click", () => {
      keep();
      if (location.hash) link.hash = location.hash;
    });
  }

  /* The address as something to hand on. */
  for (const place of all(".share")) {
    const button = made("button", { type: "button" }, place.dataset.copy);
    const done = made("span", { className: "quiet" });
    done.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      const address = new URL(location.href);
      address.searchParams.delete("token");
      try {
        await navigator.clipboard.writeText(address.href);
      } catch {
        const field = made("textarea", { value: address.href, readOnly: true });
        place.append(field);
        field.select();
        document.execCommand("copy");
        field.remove();
        button.focus();
      }
      done.textContent = ` ${place.dataset.copied}`;
    });
    place.append(button, done);
  }

  /* Long work: how far it is, and the answer when it is done. */
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  for (const place of all(".waiting[data-job]")) {
    const told = place.querySelector(".told");
    const bar = place.querySelector("progress");
    const time = place.querySelector(".clock");
    const form = place.querySelector("form");
    const began = Date.now();
    let ahead = 0;
    let known = false;
    const source = new EventSource(`/api/jobs/${encodeURIComponent(place.dataset.job)}/events`);
    const ticking = setInterval(() => {
      time.textContent = `${place.dataset.elapsed} ${clock(ahead + (Date.now() - began) / 1000)}`;
    }, 1000);
    const stop = (text) => {
      source.close();
      clearInterval(ticking);
      bar.remove();
      form.remove();
      told.textContent = text;
      const again = `/jobs/${encodeURIComponent(place.dataset.job)}/again`;
      place.append(made("form", { method: "post", action: again }, made("button", { type: "submit" }, place.dataset.again)));
    };
    const heard = (event) => {
      let job;
      try { job = JSON.parse(event.data); } catch { return; }
      if (job.begun && !known) {
        known = true;
        ahead = Math.max(0, (began - Date.parse(job.begun)) / 1000);
      }
      if (job.state === "done") {
        source.close();
        keep();
        location.reload();
      } else if (job.state === "failed") {
        const why = job.error || {};
        stop(`${place.dataset.failed}: ${why.message || job.message || ""} ${why.hint || ""}`.trim());
      } else if (job.state === "cancelled") {
        stop(place.dataset.cancelled);
      } else {
        if (job.total > 0) { bar.max = job.total; bar.value = Math.min(job.done, job.total); } else bar.removeAttribute("value");
        const words = job.state === "queued" ? place.dataset.queued : job.message;
        if (words && words !== told.textContent) told.textContent = words;
      }
    };
    source.onmessage = heard;
    if (form) {
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        try {
          const reply = await fetch(`/api/jobs/${encodeURIComponent(place.dataset.job)}`, { method: "DELETE" });
          if (!reply.ok) throw new Error(String(reply.status));
        } catch {
          source.close();
          form.submit();
        }
      });
    }
    addEventListener("pagehide", () => source.close());
  }

  document.documentElement.dataset.done = String(all("figure").length);
})();
