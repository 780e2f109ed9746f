// A file on its way in: how far it has come, and no start at all when it is too large. The form works without.
"use strict";

const form = document.getElementById("upload");
const part = (selector) => form.querySelector(selector);
const isTooLarge = () => part("[type=file]").files[0]?.size > Number(form.dataset.limit);

function tell(text) {
  part("#upload-problem").hidden = !text;
  part("#upload-problem").textContent = text;
}

function show(isSending) {
  part("button.primary").disabled = isSending;
  part("#upload-progress").hidden = !isSending;
  part("#upload-progress [role=status]").textContent = isSending ? form.dataset.sending : "";
}

form.addEventListener("change", (event) => {
  if (event.target.type === "file") tell(isTooLarge() ? form.dataset.tooLarge : "");
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (isTooLarge()) return part("[type=file]").focus();
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (told) => {
    if (told.lengthComputable) part("progress").value = (100 * told.loaded) / told.total;
  });
  request.addEventListener("load", () => arrive(request));
  request.addEventListener("error", () => fail("offline"));
  request.open("POST", location.href);
  request.send(new FormData(form));
  show(true);
});

function fail(reason) {
  show(false);
  tell(document.body.dataset[reason]);
}

// The answer to a good file is another page; a refused form comes back with what is wrong.
function arrive(request) {
  if (request.status === 200) return location.assign(request.responseURL);
  if (request.status !== 422) return fail("refused");
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const refused = page.getElementById("upload");
  const isFileGood = !refused.querySelector(".drop.wrong");
  if (isFileGood) refused.querySelector("[type=file]").replaceWith(part("[type=file]"));
  form.replaceChildren(...refused.childNodes);
  document.getElementById("error-summary")?.remove();
  form.before(page.getElementById("error-summary"));
  document.getElementById("error-summary").focus();
}
