// Says when no answer came to what a reader types, so that older results do not pass for newer ones.
// Everything works without this file; htmx.min.js beside it brings the results.
"use strict";

(() => {
  const told = document.getElementById("told");

  function say(words) {
    told.textContent = words;
    told.className = words ? "fine note" : "sr";
  }

  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, () =>
      say("No answer came. What stands below belongs to an earlier search."),
    );
  }
  // What was told last is for listeners only; the heading of the results tells it to the eye.
  document.addEventListener("htmx:beforeSwap", () => { told.className = "sr"; });
})();
