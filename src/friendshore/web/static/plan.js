// A slider over the solved budgets of a frontier. Every figure was worked out and written down before: none is made here.
(() => {
  "use strict";
  for (const box of document.querySelectorAll(".slider")) {
    const list = box.querySelector(".budgets");
    const links = [...list.querySelectorAll("a")];
    if (links.length < 2) continue;
    const cells = [...box.querySelectorAll("td[data-each]")].map((cell) => [cell, cell.dataset.each.split("|")]);
    const rows = [...box.querySelectorAll("tr[data-each]")].map((row) => [row, row.dataset.each.split("|")]);
    const none = box.querySelector(".none");
    const told = box.querySelector("output.budget");
    const circles = [...(box.closest("section") || document).querySelectorAll("figure circle")].map((circle) => [
      circle,
      circle.querySelector("title")?.textContent || "",
    ]);
    const range = document.createElement("input");
    Object.assign(range, { type: "range", min: 0, max: links.length - 1, step: 1, value: box.dataset.at });
    range.setAttribute("aria-labelledby", "budget-label");
    const ends = document.createElement("p");
    ends.className = "ends";
    ends.setAttribute("aria-hidden", "true");
    for (const link of [links[0], links[links.length - 1]]) {
      const end = document.createElement("span");
      end.textContent = link.textContent;
      ends.append(end);
    }
    const show = (at) => {
      const budget = links[at].textContent;
      told.textContent = budget;
      range.setAttribute("aria-valuetext", budget);
      for (const [cell, each] of cells) cell.textContent = each[at];
      let any = false;
      for (const [row, each] of rows) {
        row.hidden = each[at] === "";
        row.lastElementChild.textContent = each[at];
        any ||= !row.hidden;
      }
      if (none) none.hidden = any;
      for (const [circle, text] of circles) circle.classList.toggle("at", text.includes(`, ${budget}: `) || text.includes(`、${budget}: `));
      links.forEach((link, place) => (place === at ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    };
    range.addEventListener("input", () => show(Number(range.value)));
    range.addEventListener("change", () => history.replaceState(null, "", links[Number(range.value)].href));
    list.before(range, ends);
    list.hidden = true;
    show(Number(range.value));
  }
})();
