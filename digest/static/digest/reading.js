// Reading without leaving the page: keys, marks, and a sentence's original. Without it every button is a plain form's.
(function () {
  "use strict";
  const form = document.getElementById("marks");
  if (!form && !document.querySelector("[data-reading]")) return; // a visitor of a public lab reads without marks
  const told = document.getElementById("told");
  const token = form ? form.querySelector("[name=csrfmiddlewaretoken]").value : "";
  const papers = () => [...document.querySelectorAll("article.paper.folded:not(.gone)")].filter((one) => one.offsetParent);
  const current = () => document.activeElement.closest("article.paper.folded");
  const summary = (paper) => paper.querySelector("summary");

  const typed = () => [...document.querySelectorAll("textarea, input:not([type])")].some((one) => one.value !== one.defaultValue);

  function tell(text, failed) {
    if (!told) return;
    told.textContent = text;
    told.className = failed ? "notice warning failed" : "visually-hidden";
  }

  async function send(address) {
    const answer = await fetch(address, {
      method: "POST", headers: { Accept: "application/json", "X-CSRFToken": token }, credentials: "same-origin",
      keepalive: true, // a mark outlives the page that it was made on
    }).catch((error) => { tell(told ? told.dataset.failed : "", true); throw error; });
    if (!answer.ok || answer.redirected) { // logged out, mostly; to load the page anew leads to the log-in
      if (told && typed()) tell(told.dataset.away, true); else location.reload();
      throw new Error(answer.status);
    }
    return answer.json();
  }

  function show(truth) {
    const undo = document.getElementById("undo");
    if (undo) undo.hidden = !truth.undo;
    if (!truth.paper) return;
    document.querySelectorAll("#" + CSS.escape(truth.paper) + ", .mine").forEach(function (paper) {
      for (const name of ["read", "saved"]) paper.classList.toggle(name, truth[name]);
      const folded = paper.matches(".folded");
      if (folded && paper.classList.contains("hidden") !== truth.hidden) {
        if (truth.hidden) step(paper, 1) || step(paper, -1);
        paper.classList.toggle("gone", truth.hidden && !paper.closest(".hidden-papers"));
      }
      paper.classList.toggle("hidden", truth.hidden);
    });
    count();
  }

  function count() {
    const all = [...document.querySelectorAll("article.paper.folded")];
    const set = function (name, number) {
      document.querySelectorAll("[data-count=" + name + "]").forEach((one) => { one.textContent = number; });
    };
    set("unread", all.filter((one) => !one.matches(".read, .hidden")).length);
    set("saved", all.filter((one) => one.matches(".saved")).length);
  }

  async function press(button) {
    const label = button.textContent.trim();
    const address = button.getAttribute("formaction") || form.action; // `formAction` of one without is the page's own
    try { show(await send(address)); } catch (error) { return; }
    tell(label);
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest(".marks button, #undo");
    if (button) { event.preventDefault(); press(button); return; }
    const sentence = event.target.closest(".translation [data-s]");
    if (sentence && !event.target.closest("a")) original(sentence);
  });

  function mark(paper, name) {
    const button = [...paper.querySelectorAll(".do-" + name + ", .undo-" + name)].find((one) => one.offsetParent);
    if (button) press(button);
  }

  function step(from, by) {
    const all = papers();
    const place = all.indexOf(from);
    const next = from ? all[place + by] : all[by > 0 ? 0 : all.length - 1];
    if (!next) return false;
    summary(next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  // --- one sentence at a time -----------------------------------------------------------------
  const twin = (sentence) => [...sentence.closest(".abstract").querySelectorAll("[data-s='" + sentence.dataset.s + "']")];

  function light(event) {
    const sentence = event.target.closest && event.target.closest("[data-s]");
    document.querySelectorAll("[data-s].lit").forEach((one) => one.classList.remove("lit"));
    if (sentence) twin(sentence).forEach((one) => one.classList.add("lit"));
  }
  document.addEventListener("pointerover", light);
  document.addEventListener("focusin", light);

  function original(sentence) {
    const beside = sentence.nextElementSibling;
    if (beside && beside.matches(".sentence-original")) { beside.remove(); sentence.setAttribute("aria-expanded", "false"); return; }
    const source = sentence.closest(".abstract").querySelector(".original [data-s='" + sentence.dataset.s + "']");
    if (!source || sentence.matches(".untranslated")) return;
    const copy = document.createElement("span");
    copy.className = "sentence-original";
    copy.lang = "en";
    copy.dir = "ltr";
    copy.append(...[...source.childNodes].map((node) => node.cloneNode(true)));
    sentence.after(copy);
    sentence.setAttribute("aria-expanded", "true");
  }

  function reachable(root) {
    root.querySelectorAll(".translation [data-s]:not(.untranslated)").forEach(function (sentence) {
      if (sentence.querySelector("a")) return; // a link in it is reached by itself, and lights the original
      sentence.tabIndex = 0;
      sentence.setAttribute("role", "button");
      sentence.setAttribute("aria-expanded", "false");
    });
  }
  document.querySelectorAll("article.paper:not(.folded)").forEach(reachable);

  document.addEventListener("toggle", function (event) {
    const details = event.target;
    if (!details.open || !details.parentElement || !details.parentElement.matches("article.paper.folded")) return;
    reachable(details);
    const paper = details.parentElement;
    if (!paper.matches(".read") && !opening) mark(paper, "read");
  }, true);

  // --- keys -----------------------------------------------------------------------------------
  const help = document.getElementById("keys-help");
  const keys = document.getElementById("keys");
  if (keys && help) { keys.hidden = false; keys.addEventListener("click", () => help.showModal()); }
  let opening = false;
  const all = document.getElementById("open-all");
  if (all) {
    all.hidden = false;
    all.addEventListener("click", function () {
      const open = papers().some((one) => !one.firstElementChild.open);
      opening = true;
      papers().forEach((one) => { one.firstElementChild.open = open; });
      setTimeout(() => { opening = false; }, 200);
      [all.textContent, all.dataset.other] = [all.dataset.other, all.textContent];
    });
  }
  window.addEventListener("beforeprint", function () {
    opening = true;
    papers().forEach((one) => { one.firstElementChild.open = true; });
  });
  window.addEventListener("afterprint", () => { opening = false; });

  document.addEventListener("keydown", function (event) {
    const at = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || at.matches("input:not([type=checkbox]), textarea, select") || at.isContentEditable) return;
    if (help && help.open) return;
    const paper = current();
    const sentence = at.closest("[data-s][role=button]");
    if ((event.key === "Enter" || event.key === " ") && sentence) { event.preventDefault(); original(sentence); return; }
    if (event.key === "j" || event.key === "k") { step(paper, event.key === "j" ? 1 : -1); event.preventDefault(); return; }
    if (event.key === "?" && help) { help.showModal(); event.preventDefault(); return; }
    if (event.key === "/") {
      const box = document.getElementById("q") || document.querySelector("a[data-search]");
      if (box) { event.preventDefault(); box.focus(); if (box.matches("a")) box.click(); }
      return;
    }
    if (event.key === "u" && form) {
      const undo = document.getElementById("undo");
      if (undo) press(undo); else send(form.action).then(show, () => {});
      return;
    }
    const one = paper || document.querySelector(".mine");
    if (!one) return;
    if (event.key === "o" && paper) { const details = paper.firstElementChild; details.open = !details.open; }
    if (event.key === "s") mark(one, "save");
    if (event.key === "r") mark(one, "read");
    if (event.key === "x") mark(one, "hide");
  });
})();
