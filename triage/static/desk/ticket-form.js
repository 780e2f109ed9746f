// The ticket form: a paste is read at once, Enter files the ticket, and the button says whether anything is sent.
// Without scripts the first two have their buttons, and a line below says the third.
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

  const nameButton = () => {
    const button = form.querySelector("[data-enter]");
    button.textContent = form.elements.endpoint.value ? button.dataset.sends : button.dataset.files;
  };
  form.addEventListener("change", (event) => { if (event.target.name === "endpoint") nameButton(); });
  form.addEventListener("htmx:afterSettle", nameButton); // a paste that was read may have chosen the endpoint
  window.addEventListener("pageshow", nameButton); // so may a browser that goes back
  nameButton();

  // After the guard's own turn: what it finds goes masked.
  form.addEventListener("paste", (event) => {
    if (!event.target.matches("[name=paste]")) return;
    setTimeout(() => { if (event.target.value.trim()) form.querySelector("[name=read]").click(); }, 0);
  });
})();
