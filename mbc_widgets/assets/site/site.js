// Puts the views on a page without a server: the model that anywidget gives them elsewhere, with a worker in the place of a kernel.

/** Starts Python for a kind of page; `about` says which one of it. */
export function startPython(open, about) {
  const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.postMessage({ open, about });
  return worker;
}

/** A model as anywidget hands it to a view, for a place of the page; `python()` gives the worker that hears what the view sends. */
export function modelOf(place, python, values = {}) {
  const heard = {};
  const fire = (event, value) => (heard[event] ?? []).slice().forEach((act) => act(value));
  return {
    get: (name) => values[name],
    on: (event, act) => (heard[event] ??= []).push(act),
    off: (event, act) => (heard[event] = (heard[event] ?? []).filter((each) => each !== act)),
    send: (message) => python().postMessage({ place, text: JSON.stringify(message) }),
    /** Takes what the worker says. */
    hear({ name, text }) {
      if (name === "done" || name === "alive") return fire("msg:custom", { type: name });
      values[name] = JSON.parse(text);
      fire(`change:${name}`, values[name]);
    },
  };
}

/** Passes what a worker says on to the model it is for, by its place; `fails(text)` hears why Python could not start. */
export function listenTo(worker, models, fails) {
  worker.addEventListener("message", ({ data }) => ("failed" in data ? fails(data.failed) : models[data.place].hear(data)));
  worker.addEventListener("error", ({ message }) => fails(message || "its script did not load"));
}

/** Says in the place of the page why there is none. */
export function failed(place, text) {
  const box = document.createElement("div");
  box.className = "mbc-failed";
  box.setAttribute("role", "alert");
  const [title, told, back] = ["h1", "p", "a"].map((tag) => document.createElement(tag));
  title.textContent = "The workbook could not start";
  told.textContent = `Python did not start (${text}): the network may have been cut, or the browser is older than two years. Reload the page to try again. `;
  back.textContent = "To the lessons, which can be read without it";
  back.href = new URL("../", import.meta.url).href;
  box.append(title, told, back);
  place.replaceChildren(box);
}

/** Keeps the pages for a place without network, once the page is there. */
export function keepOffline() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  navigator.serviceWorker.register(new URL("../sw.js", import.meta.url)).catch(() => {}); // private windows have none; the page works without
}

// A newer build takes the old one's place as soon as all its files are there; the page that is open is still of the old one.
if (navigator.serviceWorker?.controller) navigator.serviceWorker.addEventListener("controllerchange", tellOfNews, { once: true });

const NEWS = "position:fixed;bottom:12px;left:12px;z-index:99;padding:10px 14px;border:1px solid #16202a;background:#fff;color:#16202a;font:14px/1.4 sans-serif";

function tellOfNews() {
  const [box, again] = [document.createElement("p"), document.createElement("button")];
  box.setAttribute("role", "status");
  box.style.cssText = NEWS;
  again.textContent = "Reload";
  again.addEventListener("click", () => window.location.reload());
  box.append("A newer build of the workbook is here. ", again);
  document.body.append(box);
}
