// The ticket form: a paste is read at once, and Enter files the ticket. Without scripts both have their buttons.
"use strict";

(() => {
  const form = document.getElementById("ticket");
  if (!form) return;

  // The first submit button of a form is what Enter presses; here that would be the choice of language.
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.key !== "Enter") return;
    if (!event.target.matches("input:not([type=submit], [type=button])")) return;
    event.preventDefault();
    form.querySelector("[data-enter]").click();
  });

  // After the guard's own turn: what it finds goes masked.
  form.addEventListener("paste", (event) => {
    if (!event.target.matches("[name=paste]")) return;
    setTimeout(() => { if (event.target.value.trim()) form.querySelector("[name=read]").click(); }, 0);
  });
})();
