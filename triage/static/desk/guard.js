// Looks at what is typed or pasted before it leaves the page, and offers to mask it. The server decides again.
// <form data-guard>: its text fields are read by guard-engine.js in a worker, so that no text can stop the page.
"use strict";

(() => {
  const words = document.getElementById("guard-words");
  const forms = [...document.querySelectorAll("form[data-guard]")];
  if (!words || !forms.length || !window.Worker) return;

  const TYPING_MS = 250; // after the last key
  const PATIENCE_MS = 1500; // then a text counts as not read, and the worker starts anew
  const OPENING_MS = 8000; // for the worker to come and to read its catalogue
  const TEXTS = "textarea, input:not([type]), input[type=text], input[type=search]";
  const fields = () => forms.flatMap((form) => [...form.elements].filter((field) => field.matches(TEXTS)));
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const said = (name, values = {}) => fill(words.dataset[name], values);

  // --- the worker

  let worker = null;
  let asked = 0;
  let opening = 0; // timer
  let opened = null; // a promise: the worker has its catalogue
  let isWary = false; // after a text took too long, the admins' patterns are left to the server
  const waiting = new Map(); // number of the question -> what to do with its answers

  function start() {
    worker = new Worker(words.dataset.engine);
    opening = setTimeout(restart, OPENING_MS);
    opened = new Promise((resolve) => {
      worker.onmessage = ({ data }) => {
        if (!data.isOpen) return waiting.get(data.check)?.(data);
        clearTimeout(opening);
        return resolve();
      };
    });
    worker.onerror = () => restart();
    const absolute = (address) => new URL(address, document.baseURI).href;
    worker.postMessage({ open: { catalogue: absolute(words.dataset.catalogue), rules: absolute(words.dataset.rules), isWary } });
  }

  function restart() {
    clearTimeout(opening);
    worker?.terminate();
    isWary = true;
    worker = null;
    [...waiting.values()].forEach((give) => give(null));
  }

  /** What stands in a text, or null when that could not be told in time. */
  function read(field, text) {
    if (!worker) start();
    asked += 1;
    const number = asked;
    return new Promise((resolve) => {
      let first = null;
      let timer = 0;
      opened.then(() => { if (waiting.has(number)) timer = setTimeout(restart, PATIENCE_MS); });
      waiting.set(number, (answer) => {
        first = answer || first;
        if (answer && !answer.isLast) return;
        clearTimeout(timer);
        waiting.delete(number);
        resolve(first);
      });
      worker.postMessage({ check: number, field: field.name, text });
    });
  }

  // --- what is known of each field

  const known = new WeakMap(); // field -> {text, found: answer or null, masked}
  const timers = new WeakMap();
  const isMeasured = (field) => known.get(field)?.text === field.value;
  const foundIn = (field) => (isMeasured(field) && known.get(field).found?.findings.length ? known.get(field).found : null);

  async function look(field) {
    clearTimeout(timers.get(field));
    const text = field.value;
    if (isMeasured(field)) return;
    const found = text.trim() ? await read(field, text) : null;
    if (field.value !== text) return; // typed on meanwhile: a newer question is under way
    const before = signature(field);
    known.set(field, { text, found });
    show(field);
    if (signature(field) !== before) announce(field);
  }

  const signature = (field) => known.get(field)?.found?.findings.map((one) => one.kind).join() || "";

  function soon(field, wait) {
    clearTimeout(timers.get(field));
    timers.set(field, setTimeout(() => look(field), wait));
  }

  // --- the panel below a field

  const panelOf = (field) => document.getElementById(`guard-${field.id || field.name}`);
  const labelOf = (field) => (field.labels?.[0]?.textContent || field.name).trim();
  const spots = (found) => found.findings.map((one) => said("spot", { kind: one.words, start: one.start + 1, end: one.end }));
  const isLive = (found) => found.findings.some((one) => !one.isPersonal && !one.isTest);

  function show(field) {
    const found = foundIn(field);
    const old = panelOf(field);
    if (!found) {
      old?.remove();
      describe(field, false);
      return;
    }
    const panel = old || place(field);
    panel.querySelector("[data-guard-list]").replaceChildren(...spots(found).map(item));
    panel.querySelector("[data-guard-rotate]").hidden = !isLive(found);
    describe(field, true);
  }

  function item(text) {
    const line = document.createElement("li");
    line.textContent = text;
    return line;
  }

  function place(field) {
    const panel = document.getElementById("guard-panel").content.firstElementChild.cloneNode(true);
    panel.id = `guard-${field.id || field.name}`;
    panel.querySelector("button").addEventListener("click", () => mask(field));
    field.after(panel);
    return panel;
  }

  /** Ties a panel to its field for those who hear the page. */
  function describe(field, isShown) {
    const id = `guard-${field.id || field.name}`;
    const others = (field.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== id);
    const all = isShown ? [...others, id] : others;
    if (all.length) field.setAttribute("aria-describedby", all.join(" "));
    else field.removeAttribute("aria-describedby");
  }

  function announce(field) {
    const found = foundIn(field);
    document.getElementById("guard-said").textContent = found
      ? said("heard", { field: labelOf(field), spots: spots(found).join("; ") }) : "";
  }

  function mask(field, { andFocus = true } = {}) {
    const found = foundIn(field);
    if (!found) return;
    field.value = found.text;
    count(field, found);
    known.set(field, { text: field.value, found: null });
    show(field);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (!unmasked(field.form).length) document.getElementById("guard-asking")?.remove();
    if (!andFocus) return;
    field.focus();
    document.getElementById("guard-said").textContent = said("masked", { field: labelOf(field) });
  }

  // --- the meter: how often which kind was masked in which field, never what it was

  let counts = new Map();

  function count(field, found) {
    if (!counts.size) setTimeout(report, 0); // fields that are masked together are told of together
    for (const { kind, rule } of found.findings) {
      const place = JSON.stringify([field.name, kind, rule]);
      counts.set(place, (counts.get(place) || 0) + 1);
    }
    tell(field, found);
  }

  function report() {
    const rows = [...counts].map(([place, number]) => [...JSON.parse(place), Math.min(number, 20)]).slice(0, 60);
    counts = new Map();
    const sent = { method: "POST", body: JSON.stringify(rows), headers: { "X-CSRFToken": words.dataset.token } };
    fetch(words.dataset.counts, { ...sent, keepalive: true, redirect: "manual" }).catch(() => {}); // a statistic may be lost
  }

  // --- what was masked before it was sent, for the page and the ticket to say: the server cannot see it any more

  function tell(field, found) {
    const told = field.form.querySelector("[data-guard-masked]");
    if (!told) return;
    const rows = found.findings.map(({ kind, start, end }) => JSON.stringify([field.name, kind, start, end]));
    const before = JSON.parse(told.value || "[]").map((row) => JSON.stringify(row));
    told.value = `[${[...new Set([...before, ...rows])].slice(0, 60).join()}]`;
  }

  // --- typing and pasting; while an input method composes, nothing is read

  const isGuarded = (target) => target instanceof Element && target.matches(TEXTS) && target.form?.matches("[data-guard]");

  document.addEventListener("input", (event) => {
    if (!isGuarded(event.target) || event.isComposing) return;
    const isPasted = /^insertFrom(?:Paste|Drop|Yank)/.test(event.inputType || "");
    soon(event.target, isPasted ? 0 : TYPING_MS);
  });
  document.addEventListener("compositionstart", (event) => clearTimeout(timers.get(event.target)));
  document.addEventListener("compositionend", (event) => { if (isGuarded(event.target)) soon(event.target, TYPING_MS); });
  document.addEventListener("focusin", (event) => { if (isGuarded(event.target) && !worker) start(); });

  // Long texts go into forms that are posted: there the worker comes before they do. A search box waits for its focus.
  const whenIdle = window.requestIdleCallback || ((act) => setTimeout(act, 300));
  if (forms.some((form) => form.method === "post")) whenIdle(() => { if (!worker) start(); });

  // --- sending: asks once, never blocks

  const lookAtAll = (form) => Promise.all(fields().filter((field) => field.form === form).map(look));
  const unmasked = (form) => fields().filter((field) => field.form === form && foundIn(field));
  const agreed = new WeakMap(); // form -> what somebody wanted to send as it is

  const signatureOf = (form) => unmasked(form).map((field) => `${field.name}:${field.value}`).join("\n");
  const isReady = (form) => fields().every((field) => field.form !== form || !field.value.trim() || isMeasured(field))
    && (!unmasked(form).length || agreed.get(form) === signatureOf(form));

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-guard]") || isReady(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await lookAtAll(form);
    if (unmasked(form).length) ask(form, event.submitter);
    else send(form, event.submitter);
  }, true);

  function send(form, submitter) {
    const isIn = submitter && submitter.isConnected && submitter.form === form;
    form.requestSubmit(isIn ? submitter : null);
  }

  function ask(form, submitter) {
    document.getElementById("guard-asking")?.remove();
    const panel = document.getElementById("guard-question").content.firstElementChild.cloneNode(true);
    const masked = unmasked(form);
    panel.querySelector("[data-guard-list]").replaceChildren(...masked.map((field) => item(labelOf(field))));
    const answers = { mask: () => masked.forEach((field) => mask(field, { andFocus: false })), keep: () => {} };
    for (const [name, act] of Object.entries(answers)) {
      panel.querySelector(`[data-guard-${name}]`).addEventListener("click", () => {
        act();
        agreed.set(form, signatureOf(form));
        panel.remove();
        send(form, submitter);
      });
    }
    agreed.set(form, signatureOf(form)); // pressing "submit" again is an answer, too
    (submitter?.closest(".actions") || form.lastElementChild).before(panel);
    panel.focus();
  }

  // --- what htmx sends on its own, such as a changed choice, carries what is typed: it goes masked

  document.addEventListener("htmx:confirm", (event) => {
    const form = event.detail.elt.form || event.detail.elt.closest("form");
    if (!form?.matches("[data-guard]") || fields().every((field) => field.form !== form || !field.value.trim() || isMeasured(field))) return;
    event.preventDefault();
    lookAtAll(form).then(() => event.detail.issueRequest(true));
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.detail.elt.form || event.detail.elt.closest("form");
    if (!form?.matches("[data-guard]")) return;
    for (const field of unmasked(form)) {
      if (event.detail.parameters[field.name] !== field.value) continue;
      event.detail.parameters[field.name] = foundIn(field).text;
      if (event.detail.target?.contains(field)) count(field, foundIn(field)); // the answer replaces it, masked
    }
    const told = form.querySelector("[data-guard-masked]");
    if (told?.value) event.detail.parameters[told.name] = told.value;
  });
  document.addEventListener("htmx:afterSettle", () => fields().forEach((field) => { if (field.value.trim()) soon(field, 0); }));

  // --- a form that comes back with texts in it
  window.addEventListener("pageshow", () => fields().forEach((field) => { if (field.value.trim()) soon(field, 0); }));
})();
