"use strict";
// Switches the language of the page. Without this script the page is Chinese and complete.
const button = document.getElementById("language");
button.hidden = false;
button.addEventListener("click", () => {
  const root = document.documentElement;
  root.lang = root.lang === "en" ? "zh-Hans" : "en";
});
