// Formulas: KaTeX draws the spans that the server marked, and nothing else. It is loaded where there is one.
(function () {
  "use strict";
  const mine = document.currentScript.dataset;
  let loaded = null;
  function load() {
    loaded = loaded || Promise.all([["link", { rel: "stylesheet", href: mine.css }], ["script", { src: mine.katex }]].map(
      ([name, attributes]) => new Promise(function (done, failed) {
        const element = Object.assign(document.createElement(name), attributes);
        element.addEventListener("load", done);
        element.addEventListener("error", failed);
        document.head.append(element);
      })));
    return loaded;
  }
  function strip(source) {
    for (const [open, close, display] of [["$$", "$$", true], ["\\[", "\\]", true], ["\\(", "\\)", false], ["$", "$", false]]) {
      if (source.startsWith(open) && source.endsWith(close) && source.length > open.length + close.length) {
        return [source.slice(open.length, source.length - close.length), display];
      }
    }
    return [source, source.startsWith("\\begin")];
  }
  // What is folded away is drawn when it is opened: a day has hundreds of formulas.
  const folded = (span) => span.closest("details:not([open])") && !span.closest("summary");
  const waiting = (root) => [...root.querySelectorAll("span.math:not([data-drawn])")].filter((span) => !folded(span));
  function draw(root) {
    if (waiting(root).length) load().then(() => drawIn(root), () => {});
  }
  function drawIn(root) {
    waiting(root).forEach(function (span) {
      const source = span.textContent;
      const [formula, displayMode] = strip(source);
      span.dataset.drawn = "yes";
      span.title = source;
      katex.render(formula, span, { displayMode, throwOnError: false, trust: false, maxExpand: 1000, strict: "ignore" });
    });
  }
  document.addEventListener("DOMContentLoaded", function () { draw(document); });
  document.addEventListener("toggle", function (event) { draw(event.target); }, true);
  document.addEventListener("htmx:afterSwap", function (event) { draw(event.target); });
})();
