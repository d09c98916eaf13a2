// The chat: sends each question to the Gradio event `chat` and shows the piece of page that comes back. Where a language
// model writes, it sends the question to /gesprek, shows each checked sentence as it comes, and then the same piece.
// Nothing is kept: the conversation lives in this tab only; display choices last as long as the tab.

const PROGRESS_AFTER = 400; // milliseconds before 'bezig' and the stop button show
const UNREACHED = "Er is geen verbinding met Vraag Almere. Wacht even en probeer het opnieuw.";

const ready = () => {
  const shell = document.getElementById("va");
  if (!shell || shell.dataset.klaar) return;
  shell.dataset.klaar = "ja";
  unwrap(shell);
  document.getElementById("laden")?.remove();
  start(shell);
};

/** Take Gradio's own layout and type off the boxes around our page: it fills the window and keeps our style. */
function unwrap(shell) {
  for (let e = shell.parentElement; e && e.tagName !== "GRADIO-APP"; e = e.parentElement) {
    e.removeAttribute("class");
    e.removeAttribute("style");
  }
  for (const region of document.querySelectorAll("gradio-app [aria-live]")) {
    if (!shell.contains(region)) region.removeAttribute("aria-live"), region.removeAttribute("role");
  }
}

function start(shell) {
  const $ = (id) => document.getElementById(id);
  const form = $("vraagvorm"), box = $("vraag"), list = $("gesprek"), live = $("melder"), dialog = $("bladvenster");
  let history = [], running = null, opener = null;

  // --- asking ---------------------------------------------------------------------------------------------
  async function ask(question) {
    running?.abort();
    const stop = (running = new AbortController());
    const item = document.createElement("li");
    const heading = document.createElement("h2");
    heading.className = "gevraagd";
    heading.tabIndex = -1;
    heading.innerHTML = '<span class="verborgen">Uw vraag: </span><bdi></bdi>';
    heading.querySelector("bdi").textContent = question;
    const answer = document.createElement("div");
    answer.className = "antwoord";
    answer.hidden = true;
    item.append(heading, answer);
    list.append(item);
    $("begin").hidden = $("voorbeelden").hidden = true;
    $("opnieuw").hidden = false;
    $("vraaglabel").textContent = "Wilt u nog iets vragen?";
    box.value = "";
    live.textContent = "";
    heading.focus({ preventScroll: true });
    item.scrollIntoView({ block: "start", behavior: calm() });
    const slow = setTimeout(() => showBusy(answer, stop), PROGRESS_AFTER);
    try {
      const got = await ($("taalmodel")?.checked ? write : send)(question, stop.signal, answer);
      const here = answer.contains(document.activeElement);
      heading.querySelector("bdi").textContent = got.vraag || question;
      answer.innerHTML = got.html;
      if (got.soort !== "ongeldig") history.push(got.vraag);
      answer.dataset.tekst = got.tekst;
      if (got.soort !== "ongeldig") finish(answer, got, history.slice(0, -1).at(-1) ?? "");
      if (here) heading.focus({ preventScroll: true });
      announce(got.heard ? "Het antwoord is klaar." : got.tekst);
    } catch (error) {
      const text = stop.signal.aborted ? "Gestopt. U kunt een nieuwe vraag stellen." : error.message;
      answer.innerHTML = '<p class="melding"></p>';
      answer.firstChild.textContent = text;
      if (!stop.signal.aborted) answer.append(button("Probeer opnieuw", () => { item.remove(); ask(question); }));
      announce(text);
    } finally {
      clearTimeout(slow);
      answer.hidden = false;
      if (running === stop) running = null;
      if (stop.signal.aborted) box.focus();
    }
  }

  function showBusy(answer, stop) {
    const what = $("taalmodel")?.checked ? "Het taalmodel schrijft" : "Bezig met zoeken";
    answer.innerHTML = '<div class="wordt" role="log" aria-label="Het antwoord tot nu toe"></div><p class="bezig"><span></span></p>';
    answer.lastChild.firstChild.textContent = `${what} …`;
    answer.lastChild.append(button("Stop", () => stop.abort()));
    answer.hidden = false;
    announce(`${what}.`);
    answer.dispatchEvent(new Event("bezig"));
  }

  /** Have the language model write: shows each sentence under the line that says whose words it holds. */
  async function write(question, signal, answer) {
    const waiting = [];
    let group = "";
    const show = () => {
      const log = answer.querySelector(".wordt");
      if (!log) return;
      for (const part of waiting.splice(0)) {
        if (part.groep !== group) log.append(line("groepkop", (group = part.groep)));
        log.append(line("zinnen", part.zin));
      }
    };
    answer.addEventListener("bezig", show);
    let last = null;
    try {
      const reply = await fetch("/gesprek", {
        method: "POST", signal, headers: { "content-type": "application/json" },
        body: JSON.stringify({ vraag: question, geschiedenis: history.slice(-10) }),
      });
      if (!reply.ok) throw await refused(reply);
      const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = "", got = await reader.read(); !got.done; got = await reader.read()) {
        const lines = (rest + got.value).split("\n");
        rest = lines.pop();
        for (const part of lines.map((text) => JSON.parse(text))) {
          if (part.html === undefined) waiting.push(part); else last = part;
        }
        show();
      }
    } catch (error) {
      if (signal.aborted || error.told) throw error;
    }
    if (!last) throw new Error(UNREACHED);
    return { ...last, heard: last.model && group !== "" }; // what the log has read aloud is not read again
  }

  function line(kind, text) {
    const made = document.createElement("p");
    made.className = kind;
    made.textContent = text;
    return made;
  }

  async function refused(reply) {
    const body = await reply.json().catch(() => ({}));
    const error = new Error(body.detail || body.error || "Er ging iets mis. Probeer het opnieuw of bel 14 036.");
    error.told = true;
    return error;
  }

  async function send(question, signal) {
    let reply;
    try {
      reply = await fetch("/gradio_api/run/chat", {
        method: "POST", signal, headers: { "content-type": "application/json" },
        body: JSON.stringify({ data: [question, history.slice(-10)] }),
      });
    } catch (error) {
      if (signal.aborted) throw error;
      throw new Error(UNREACHED);
    }
    if (!reply.ok) throw await refused(reply);
    return (await reply.json()).data[0];
  }

  /** The buttons under an answer, and its feedback form. */
  function finish(answer, got, before) {
    const row = document.createElement("div");
    row.className = "daden";
    if (voice()) row.append(speakButton(got.tekst));
    const print = document.createElement("form");
    print.method = "post";
    print.action = "/afdruk";
    print.target = "_blank";
    print.append(hidden("vraag", got.vraag), hidden("eerder", before));
    const submit = button("Afdrukken", null);
    submit.type = "submit";
    print.append(submit);
    row.append(print);
    row.append(copyButton("Kopieer antwoord", "Antwoord gekopieerd", () => got.kopie));
    const link = () => `${location.origin}/?vraag=${encodeURIComponent(got.vraag)}`;
    row.append(copyButton("Kopieer link", "Link gekopieerd", link));
    const feedback = answer.querySelector(".waardering");
    answer.insertBefore(row, feedback);
    feedback?.addEventListener("submit", async (event) => {
      event.preventDefault();
      const data = new URLSearchParams(new FormData(feedback, event.submitter));
      const kept = data.has("bewaar") ? " Uw vraag is erbij bewaard." : " Uw vraag is niet bewaard.";
      const done = await fetch("/waardering", { method: "POST", body: data }).then((r) => r.ok, () => false);
      const text = done ? `Dank u wel.${kept}` : "Dat lukte niet. Probeer het straks nog eens.";
      const thanks = document.createElement("p");
      thanks.tabIndex = -1;
      thanks.textContent = text;
      feedback.replaceChildren(thanks);
      thanks.focus();
    });
  }

  const announce = (text) => { live.textContent = ""; setTimeout(() => { live.textContent = text; }, 60); };
  const calm = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

  function button(text, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "knop";
    made.textContent = text;
    if (action) made.addEventListener("click", action);
    return made;
  }

  function hidden(name, value) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    return field;
  }

  function copyButton(text, done, value) {
    const made = button(text, async () => {
      const said = value();
      try {
        await navigator.clipboard.writeText(said);
      } catch {
        const area = document.createElement("textarea"); // outside a secure context there is no clipboard object
        area.value = said;
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
        made.focus();
      }
      made.textContent = done;
      announce(done);
      setTimeout(() => { made.textContent = text; }, 2500);
    });
    return made;
  }

  // --- reading aloud: only a voice of this computer, so that nothing leaves it ------------------------------
  const voice = () => window.speechSynthesis?.getVoices().find((v) => v.localService && /^nl\b/i.test(v.lang));
  window.speechSynthesis?.addEventListener?.("voiceschanged", () => {
    if (!voice()) return;
    for (const row of list.querySelectorAll(".daden:not(:has(.voor))")) {
      const text = row.parentElement.dataset.tekst;
      if (text) row.prepend(speakButton(text));
    }
  });

  function speakButton(text) {
    const made = button("Lees voor", () => {
      const speech = window.speechSynthesis;
      if (speech.speaking) return speech.cancel();
      const said = new SpeechSynthesisUtterance(text.replaceAll("14 036", "14, 0 36"));
      said.voice = voice();
      said.lang = said.voice.lang;
      said.rate = 0.95;
      said.onend = said.onerror = () => { made.textContent = "Lees voor"; };
      made.textContent = "Stop met lezen";
      speech.speak(said);
    });
    made.classList.add("voor");
    return made;
  }

  // --- the page of a document, in a dialog ------------------------------------------------------------------
  async function openPage(href, from) {
    const url = new URL(href, location.href);
    url.searchParams.set("deel", "true");
    const slow = setTimeout(() => announce("De pagina wordt geopend."), PROGRESS_AFTER);
    let html;
    try {
      const reply = await fetch(url);
      if (!reply.ok) throw new Error();
      html = await reply.text();
    } catch {
      html = '<h1 class="bladtitel" id="bladtitel" tabindex="-1">Deze pagina gaat nu niet open</h1><p>Probeer het straks nog eens.</p>';
    } finally {
      clearTimeout(slow);
    }
    $("bladinhoud").innerHTML = html;
    if (!dialog.open) {
      opener = from;
      dialog.showModal();
    }
    $("bladtitel").focus({ preventScroll: true });
    dialog.scrollTop = 0;
    $("bladinhoud").querySelector("mark")?.scrollIntoView({ block: "center" });
  }
  dialog.addEventListener("close", () => { $("bladinhoud").replaceChildren(); opener?.focus(); opener = null; });
  $("sluit").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  shell.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="/document/"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    openPage(link.getAttribute("href"), link);
  });

  // --- difficult words: the explanation shows on focus, a tap focuses, Escape hides it -----------------------
  shell.addEventListener("click", (event) => event.target.closest?.(".woord button")?.focus());
  shell.addEventListener("keydown", (event) => {
    const word = event.key === "Escape" && event.target.closest?.(".woord");
    if (!word) return;
    word.classList.add("dicht");
    event.target.addEventListener("blur", () => word.classList.remove("dicht"), { once: true });
  });

  // --- the form, the examples, starting over ------------------------------------------------------------------
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(box.value.trim()); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  for (const chip of shell.querySelectorAll("#voorbeelden .thema")) {
    chip.addEventListener("click", () => {
      for (const other of shell.querySelectorAll("#voorbeelden .thema")) other.setAttribute("aria-pressed", String(other === chip));
      for (const group of shell.querySelectorAll(".voorbeelden")) group.hidden = group.dataset.thema !== chip.dataset.thema;
    });
  }
  for (const example of shell.querySelectorAll(".voorbeeld")) example.addEventListener("click", () => ask(example.textContent));
  const again = () => {
    running?.abort();
    window.speechSynthesis?.cancel();
    history = [];
    list.replaceChildren();
    live.textContent = "";
    $("begin").hidden = $("voorbeelden").hidden = false;
    $("opnieuw").hidden = true;
    $("vraaglabel").textContent = "Uw vraag";
    box.value = "";
    window.history.replaceState(null, "", "/");
    scrollTo({ top: 0 });
    $("welkom").focus({ preventScroll: true });
  };
  $("opnieuw").addEventListener("click", again);
  $("naar-begin").addEventListener("click", (event) => { event.preventDefault(); again(); });

  // --- display --------------------------------------------------------------------------------------------------
  const root = document.documentElement, keep = window.sessionStorage;
  let scale = Number(keep.getItem("schaal")) || 1;
  const show = () => {
    root.style.setProperty("--schaal", scale);
    const dark = (root.dataset.kleur ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "donker" : "licht")) === "donker";
    $("donker").setAttribute("aria-pressed", String(dark));
    $("contrast").setAttribute("aria-pressed", String(root.dataset.contrast === "hoog"));
  };
  if (keep.getItem("kleur")) root.dataset.kleur = keep.getItem("kleur");
  if (keep.getItem("contrast") ?? (matchMedia("(prefers-contrast: more)").matches ? "hoog" : "")) root.dataset.contrast = "hoog";
  const resize = (step) => { scale = Math.min(2, Math.max(0.9, scale + step)); keep.setItem("schaal", scale); show(); };
  $("groter").addEventListener("click", () => resize(0.15));
  $("kleiner").addEventListener("click", () => resize(-0.15));
  $("contrast").addEventListener("click", () => {
    const on = root.dataset.contrast !== "hoog";
    if (on) root.dataset.contrast = "hoog"; else delete root.dataset.contrast;
    if (on && !root.dataset.kleur) root.dataset.kleur = $("donker").getAttribute("aria-pressed") === "true" ? "donker" : "licht";
    keep.setItem("contrast", on ? "hoog" : "");
    show();
  });
  $("donker").addEventListener("click", () => {
    root.dataset.kleur = $("donker").getAttribute("aria-pressed") === "true" ? "licht" : "donker";
    keep.setItem("kleur", root.dataset.kleur);
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !$("weergave").open || dialog.open) return;
    $("weergave").open = false;
    $("weergave").querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => { if (!$("weergave").contains(event.target)) $("weergave").open = false; });
  show();

  // A link that reopens a question.
  const linked = new URLSearchParams(location.search).get("vraag");
  if (linked) ask(linked.slice(0, 5000));
}

new MutationObserver(ready).observe(document.documentElement, { childList: true, subtree: true });
ready();
