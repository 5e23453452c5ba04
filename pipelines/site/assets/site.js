/* Theme, filters and search. Everything else works without it. */
"use strict";
(function () {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try { return localStorage.getItem("affichage") || "system"; } catch { return "system"; }
  }

  function paint() {
    const choice = chosen();
    root.setAttribute("data-fr-theme", choice === "system" ? (dark.matches ? "dark" : "light") : choice);
  }

  function keep(choice) {
    try { localStorage.setItem("affichage", choice); } catch { /* a page on a disk may have no storage */ }
    root.setAttribute("data-fr-theme", choice === "system" ? (dark.matches ? "dark" : "light") : choice);
  }

  /* Without case and accents, as people type. */
  function folded(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function words(text) {
    return folded(text).split(/\s+/).filter(Boolean);
  }

  function holds(text, wanted) {
    return wanted.every((word) => text.includes(word));
  }

  function counted(count, one, several) {
    return count === 0 ? "Aucun " + one : count.toLocaleString("fr-FR") + " " + (count > 1 ? several : one);
  }

  function theme() {
    const select = document.getElementById("theme");
    select.value = chosen();
    select.addEventListener("change", () => keep(select.value));
    document.getElementById("affichage").hidden = false;
  }

  function filters() {
    const form = document.getElementById("filtres");
    if (!form) return;
    const rows = [...document.querySelectorAll("tr[data-row]")];
    const texts = rows.map((row) => folded(row.dataset.words));
    const name = document.getElementById("f-mots");
    const selects = [...form.querySelectorAll("select[data-filter]")];

    function apply() {
      const wanted = words(name.value);
      let shown = 0;
      rows.forEach((row, place) => {
        const fits = holds(texts[place], wanted) && selects.every((select) => {
          const field = select.dataset.filter;
          const value = row.dataset[field] || "";
          return !select.value || (field === "state" ? value.split(" ").includes(select.value) : value === select.value);
        });
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      document.getElementById("filtres-compte").textContent = counted(shown, "service", "services");
    }

    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    apply();
  }

  function search() {
    const list = document.getElementById("recherche-resultats");
    if (!list || !window.siteIndex) return;
    const asked = new URLSearchParams(location.search).get("q") || "";
    document.getElementById("recherche-mots").value = asked;
    const wanted = words(asked);
    const found = wanted.length ? window.siteIndex.filter((row) => holds(folded(row[3]), wanted)) : [];
    for (const [title, kind, href] of found.slice(0, 100)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = href;
      link.textContent = title;
      item.append(link, document.createTextNode(" – " + kind));
      list.append(item);
    }
    const more = found.length > 100 ? " (les cent premiers)" : "";
    document.getElementById("recherche-compte").textContent =
      wanted.length ? counted(found.length, "résultat", "résultats") + " pour «\u00a0" + asked + "\u00a0»" + more : "Tapez un ou plusieurs mots.";
  }

  paint();
  dark.addEventListener("change", paint);
  document.addEventListener("DOMContentLoaded", () => { theme(); filters(); search(); });
})();
