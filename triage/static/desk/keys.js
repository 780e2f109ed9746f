// Single keys that do what a link or a button of the page does: <a data-key="g" …>. The page tells them, and
// one button switches them off for this browser. Pages work without them.
"use strict";

const KEYS_KEPT = "desk-keys";
const keysAreOff = () => { try { return localStorage.getItem(KEYS_KEPT) === "off"; } catch { return false; } };
const typesInto = (place) => place.isContentEditable || place.matches("input, select, textarea");

document.addEventListener("keydown", (event) => {
  // macOS sends the Enter that ends a composition after it has ended, as 229.
  if (event.isComposing || event.keyCode === 229) return;
  if (event.defaultPrevented || event.repeat || keysAreOff()) return;
  // Some keyboards have brackets on AltGr, which Windows reports as Ctrl and Alt.
  if ((event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph")) return;
  if (event.target instanceof Element && typesInto(event.target)) return;
  const bound = [...document.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key === event.key);
  if (!bound) return;
  event.preventDefault();
  bound.click();
});

function showKeysSwitch() {
  const off = keysAreOff();
  document.querySelectorAll("[data-keys-are]").forEach((part) => { part.hidden = (part.dataset.keysAre === "off") !== off; });
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-keys-switch]")) return;
  try { localStorage.setItem(KEYS_KEPT, keysAreOff() ? "on" : "off"); } catch { /* nothing is kept: keys stay on */ }
  showKeysSwitch();
});
showKeysSwitch();
