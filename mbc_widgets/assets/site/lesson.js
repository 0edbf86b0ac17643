// A lesson: text and tables as they were printed, and between them questions and pictures, drawn at once from what the page carries.
// Python starts when they are drawn, for the answers.
import { keepOffline, listenTo, modelOf, startPython } from "./site.js";

const about = JSON.parse(document.getElementById("mbc-lesson").textContent);
let worker = null;
const python = () => {
  if (!worker) {
    worker = startPython("lesson", { lesson: about.lesson, places: about.places });
    listenTo(worker, models, said);
  }
  return worker;
};
const models = about.values.map((values, place) => modelOf(place, python, values));

function said(text) {
  const word = document.getElementById("mbc-word");
  word.textContent = `Answers cannot be marked: Python did not start (${text}). Reload the page to try again.`;
}

for (const [place, el] of document.querySelectorAll("[data-view]").entries()) {
  const { default: view } = await import(`./views/${el.dataset.view}.js`);
  view.render({ model: models[place], el });
}
document.getElementById(decodeURIComponent(window.location.hash.slice(1)))?.scrollIntoView(); // what stands above it is there now
keepOffline();
(window.requestIdleCallback ?? setTimeout)(python);
