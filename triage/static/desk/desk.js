// What HTML alone cannot do: copying, the pace of polling, telling when a refresh failed. Pages work without it.
"use strict";

document.documentElement.classList.add("js");
const words = (name) => document.body.dataset[name] || "";
const say = (text) => { document.getElementById("announcer").textContent = text; };

// --- copy buttons: <button data-copy="id of what to copy">
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const label = button.querySelector("[data-copy-label]") || button;
  const before = label.dataset.before || label.textContent;
  label.dataset.before = before;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    label.textContent = words("copied");
    say(words("copied"));
  } catch {
    getSelection().selectAllChildren(source);
    label.textContent = words("copyByHand");
    say(words("copyByHand"));
  }
  setTimeout(() => { label.textContent = before; }, 2500);
});

// --- print buttons
document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });

// --- what somebody types into a part of a form while its successor is on the way is carried over
const fieldsOf = (part) => part.querySelectorAll("input[name]:not([type=hidden], [type=file], [type=checkbox], [type=radio]), select[name], textarea[name]");
const asAsked = new WeakMap();
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  asAsked.set(detail.xhr, new Map([...fieldsOf(detail.target)].map((field) => [field.name, field.value])));
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const before = asAsked.get(detail.xhr);
  if (!before || !detail.target.id) return;
  const since = [...fieldsOf(detail.target)].filter((field) => before.has(field.name) && before.get(field.name) !== field.value);
  const focused = detail.target.contains(document.activeElement) ? document.activeElement.name : "";
  const carryOver = () => {
    for (const typed of since) {
      const field = [...fieldsOf(document.getElementById(detail.target.id) || document.body)].find(({ name }) => name === typed.name);
      if (!field) continue;
      field.value = typed.value;
      if (field.name === focused) field.focus();
    }
  };
  if (since.length) document.addEventListener("htmx:afterSwap", carryOver, { once: true });
});

// --- polling: an element with data-poll is asked for anew after 1 s, then 2 s, at most every 5 s.
// A render without data-poll ends it; a hidden page pauses it; anything new makes it quick again.
const PACE_MS = [1000, 1000, 1000, 1000, 2000, 2000, 5000];
let quiet = 0;
let timer = 0;

const polled = () => document.querySelector("[data-poll]");

function schedule() {
  clearTimeout(timer);
  if (!polled()) return;
  if (document.hidden) return freshness(words("paused"));
  timer = setTimeout(() => htmx.trigger(polled(), "poll"), PACE_MS[Math.min(quiet, PACE_MS.length - 1)]);
}

function freshness(text) {
  const place = document.getElementById("freshness");
  if (place) place.textContent = text;
}

document.addEventListener("visibilitychange", () => { quiet = 0; schedule(); });
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.elt.matches("[data-poll]") && event.detail.elt.isConnected) return;
  const status = event.detail.xhr.status;
  quiet = status === 200 ? 0 : quiet + (status === 204 ? 1 : PACE_MS.length); // trouble: the slowest pace
  freshness(event.detail.successful ? words("live") : words("stale"));
  schedule();
});
document.addEventListener("htmx:afterSettle", schedule);

// --- a fragment that could not be fetched says so, instead of doing nothing
function trouble(text) {
  const bar = document.getElementById("trouble");
  bar.hidden = !text;
  bar.querySelector("p").textContent = text;
}
document.addEventListener("htmx:responseError", (event) => trouble(words(event.detail.xhr.status === 413 ? "tooLarge" : "refused")));
document.addEventListener("htmx:sendError", () => { trouble(words("offline")); });
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) trouble(""); });

// --- a field with data-keep says which form this is; somebody who goes back to the page has the same form again
document.querySelectorAll("input[data-keep]").forEach((field) => {
  const kept = history.state && history.state[field.name];
  if (kept) field.value = kept;
  else history.replaceState({ ...history.state, [field.name]: field.value }, "");
});

// --- start
const summary = document.getElementById("error-summary");
if (summary) summary.focus();
document.querySelectorAll("select[data-submit]").forEach((choice) => {
  choice.addEventListener("change", () => choice.form.requestSubmit());
});
schedule();
