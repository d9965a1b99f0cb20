"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  all(".tools, #theme").forEach((e) => { e.hidden = false; });

  // Dark and light: the reader's preference, until the button says otherwise.
  const theme = document.getElementById("theme");
  if (theme) theme.addEventListener("click", () => {
    const now = document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  });

  // Sections out of sight are drawn when there is time, so that the page opens at once.
  const idle = window.requestIdleCallback || ((f) => setTimeout(f, 50)), later = all("main > section");
  const draw = () => { const section = later.shift(); if (section) { section.style.contentVisibility = "visible"; idle(draw); } };
  addEventListener("load", () => idle(draw));

  // Print everything, also what is folded.
  let folded = [];
  addEventListener("beforeprint", () => { folded = all("details:not([open])"); folded.forEach((d) => { d.open = true; }); });
  addEventListener("afterprint", () => folded.forEach((d) => { d.open = false; }));

  // Filters: what matches the words, and the choice if there is one.
  all("[data-filter]").forEach((tools) => {
    const items = () => all(tools.dataset.filter), words = tools.querySelector("input"), choice = tools.querySelector("select[data-choice]"), shown = tools.querySelector("output");
    const apply = () => {
      const w = words ? words.value.trim().toLowerCase() : "", c = choice ? choice.value : "";
      let n = 0;
      items().forEach((e) => {
        const fits = (!w || e.textContent.toLowerCase().includes(w)) && (!c || (e.dataset.choice || "").split(" ").includes(c));
        e.hidden = !fits;
        if (fits) n++;
      });
      if (w || c) all("details.more").forEach((d) => { if (d.querySelector(tools.dataset.filter + ":not([hidden])")) d.open = true; });
      if (shown) shown.textContent = w || c ? n + " shown" : "";
    };
    [words, choice].forEach((e) => e && e.addEventListener("input", apply));
    const order = tools.querySelector("select[data-order]");
    if (order) order.addEventListener("input", () => {
      const list = items(), parents = list.map((e) => e.parentNode), key = order.value;
      const value = (e) => (key === "name" ? e.dataset.name : Number(e.dataset[key]));
      [...list].sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0)).forEach((e, i) => parents[i].appendChild(e));
    });
  });

  // A long table shows its first rows, until it is asked or searched.
  all("table[data-first]").forEach((table) => {
    const rows = [...table.tBodies[0].rows], first = Number(table.dataset.first);
    if (rows.length <= first + 5) return;
    const fold = () => [...table.tBodies[0].rows].forEach((tr, i) => tr.classList.toggle("folded", i >= first));
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Show all " + rows.length + " rows";
    table.after(button);
    const unfold = () => { rows.forEach((tr) => tr.classList.remove("folded")); button.remove(); };
    button.addEventListener("click", unfold);
    document.querySelectorAll('[data-filter="#' + table.id + ' tbody tr"] input, [data-filter="#' + table.id + ' tbody tr"] select').forEach((e) => e.addEventListener("input", unfold));
    table.tHead.addEventListener("click", unfold);
    addEventListener("beforeprint", unfold);
    fold();
  });

  // Tables sort by a click on a heading.
  all("table[data-sort] th").forEach((th) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = th.textContent;
    th.replaceChildren(button);
    button.addEventListener("click", () => {
      const table = th.closest("table"), body = table.tBodies[0], at = [...th.parentNode.children].indexOf(th), down = th.getAttribute("aria-sort") === "ascending";
      const value = (tr) => { const td = tr.cells[at], v = td.dataset.value === undefined ? td.textContent.trim() : td.dataset.value; return v !== "" && !isNaN(v) ? Number(v) : v.toLowerCase(); };
      const compare = (a, b) => (typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === "number" ? -1 : 1);
      all("th", table).forEach((h) => h.removeAttribute("aria-sort"));
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      [...body.rows].sort((a, b) => (down ? -1 : 1) * compare(value(a), value(b))).forEach((tr) => body.appendChild(tr));
    });
  });

  // The map's layers.
  all("input[data-layer]").forEach((box) => box.addEventListener("input", () => all(".map ." + box.dataset.layer).forEach((e) => { e.style.display = box.checked ? "" : "none"; })));

  // Bins of a distribution tell their numbers under the pointer.
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.appendChild(tip);
  const percent = (x) => (x === undefined ? "-" : (100 * x).toFixed(1) + " %");
  document.addEventListener("pointermove", (event) => {
    const hist = event.target.closest ? event.target.closest("svg[data-bins]") : null;
    if (!hist) { tip.hidden = true; return; }
    const [data, reference, labels] = JSON.parse(hist.dataset.bins), box = hist.getBoundingClientRect();
    const i = Math.min(data.length - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * data.length)));
    const range = (i === 0 ? "below " + labels[1] : i === data.length - 1 ? labels[i] + " and above" : labels[i] + " to " + labels[i + 1]);
    tip.textContent = (data.length === 1 ? "all" : range) + "\ndata " + percent(data[i]) + (reference.length ? "\nreference " + percent(reference[i]) : "");
    tip.hidden = false;
    tip.style.left = Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = Math.max(4, event.clientY - tip.offsetHeight - 10) + "px";
  });
})();
