// The plain pages follow what was chosen under 'Weergave' in the chat, and a browser that asks for more contrast.
const root = document.documentElement, kept = (key) => { try { return sessionStorage.getItem(key); } catch { return null; } };
if (kept("schaal")) root.style.setProperty("--schaal", kept("schaal"));
if (kept("kleur")) root.dataset.kleur = kept("kleur");
if (kept("contrast") ?? (matchMedia("(prefers-contrast: more)").matches ? "hoog" : "")) root.dataset.contrast = "hoog";
if (root.dataset.contrast && !root.dataset.kleur && matchMedia("(prefers-color-scheme: dark)").matches) root.dataset.kleur = "donker";
