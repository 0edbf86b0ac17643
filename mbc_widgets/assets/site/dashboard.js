// The dashboard: one view, of the whole page.
import view from "./views/page.js";
import { failed, keepOffline, listenTo, modelOf, startPython } from "./site.js";

const worker = startPython("page", { search: window.location.search.slice(1) });
const model = modelOf(0, () => worker);
const place = document.getElementById("workbook");
const draw = () => {
  if (!model.get("page") || !model.get("rest")) return;
  for (const name of ["page", "rest"]) model.off(`change:${name}`, draw);
  place.replaceChildren();
  view.render({ model, el: place });
  keepOffline();
};
for (const name of ["page", "rest"]) model.on(`change:${name}`, draw);
listenTo(worker, [model], (text) => failed(place, text));
