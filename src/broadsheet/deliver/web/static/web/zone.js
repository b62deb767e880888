// Fills in this browser's time zone where a digest is asked for. It is sent with that form alone.
"use strict";

for (const field of document.querySelectorAll("[data-zone-here]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || field.value;
}
