// Keeps every file of the site, so that it opens without network. A new build has another name and takes the place of the old one.
// Two builds of one server, each in a folder of its own, keep apart.
const OURS = `mbc-${new URL(self.registration.scope).pathname}-`;
const NAME = `${OURS}{{ version }}`;
const FILES = {{ files }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" })))).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(OURS) && name !== NAME;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

// Whatever the words of an address are, the page is the same file. A folder that is named without its slash, or by its file, is meant.
async function answer(request) {
  const cache = await caches.open(NAME);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept) return kept;
  const url = new URL(request.url);
  if (request.mode === "navigate" && !url.pathname.endsWith("/")) {
    url.pathname = url.pathname.endsWith("/index.html") ? url.pathname.slice(0, -"index.html".length) : `${url.pathname}/`;
    if (await cache.match(url.href, { ignoreSearch: true })) return Response.redirect(url.href);
  }
  return fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(self.registration.scope)) event.respondWith(answer(event.request));
});
