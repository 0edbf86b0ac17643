// Python beside the page: Pyodide with the workbook, in a thread of its own, so that the page never waits for it.
//
// In: {open, about} first, then {place, text}, a message from a place of the page as JSON. Out: {place, name, text}, a value as JSON;
// {failed} when Python could not start.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const HOME = "/workbook";
const here = (name) => new URL(name, import.meta.url).href;
const read = async (name) => {
  const answer = await fetch(here(name));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.arrayBuffer();
};

const fail = (error) => self.postMessage({ failed: String(error?.message ?? error) });
// A runtime that does not load ends in a promise that nobody hears.
self.addEventListener("unhandledrejection", ({ reason }) => fail(reason));

let receive = null;
const early = []; // what the page sent before Python was there

self.addEventListener("message", ({ data }) => {
  const { open, about, place, text } = data;
  if (open) start(open, about).catch(fail);
  else if (JSON.parse(text).type === "ping") self.postMessage({ place, name: "alive", text: "null" });
  else if (receive) receive(place, text);
  else early.push([place, text]);
});

async function start(open, about) {
  const [files, python] = await Promise.all([read("workbook.zip"), boot()]);
  python.unpackArchive(files, "zip", { extractDir: HOME });
  python.runPython(`import sys; sys.path.insert(0, "${HOME}")`);
  const tell = (place, name, text) => self.postMessage({ place, name, text });
  receive = python.pyimport(`mbc_widgets.site.${open}`).open_page(python.toPy(about), tell);
  for (const each of early.splice(0)) receive(...each);
}

function boot() {
  return loadPyodide({ indexURL: here("pyodide/") });
}
