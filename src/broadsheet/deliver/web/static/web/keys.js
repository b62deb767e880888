// Keys for readers who like them: / search, j k next and previous paper, Enter opens, ↓ from the search
// box to the first result, ? help.
// Everything works without this file; it reads nothing and sends nothing.
"use strict";

(() => {
  const help = document.getElementById("keys");
  const titles = () => [...document.querySelectorAll(".lead h2 a, .story h3 a")];

  function isTyping(target) {
    return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
  }

  function step(by) {
    const all = titles();
    if (all.length === 0) return;
    const here = all.indexOf(document.activeElement);
    const next = here === -1 ? firstInView(all, by) : here + by;
    const chosen = all[Math.min(Math.max(next, 0), all.length - 1)];
    chosen.focus({ preventScroll: true });
    (chosen.closest("article") || chosen).scrollIntoView({ block: "nearest" });
  }

  // Nothing is chosen yet: start where the reader looks, not at the top of the page.
  function firstInView(all, by) {
    const index = all.findIndex((title) => title.getBoundingClientRect().top >= 0);
    return by > 0 ? Math.max(index, 0) : Math.max(index - 1, 0);
  }

  function search() {
    const box = document.querySelector("main input[type=search], aside input[type=search]");
    if (box) {
      box.focus();
      box.select();
    } else {
      window.location.assign("/search");
    }
  }

  const actions = {
    "/": search,
    j: () => step(1),
    k: () => step(-1),
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      if (event.key === "ArrowDown" && event.target.type === "search" && titles().length > 0) {
        event.preventDefault();
        event.target.blur();
        step(1);
      }
      return;
    }
    if (help.open || !Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  });
})();
