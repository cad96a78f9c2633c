// <previsit-chat>: a button on the clinic's own page that opens the chat in a frame of the chat's own origin, where no
// script of the clinic's page can read it. Attributes: src (the chat's origin), label, open, lang, lost (said when the
// chat does not load). Usage: <script src="https://chat.clinic.example/widget.js" defer></script> <previsit-chat></previsit-chat>
(() => {
  const home = new URL(document.currentScript.src).origin;
  const STYLE = `
:host{--g:#1f5d56;--o:#fffdf9;all:initial;position:fixed;z-index:2147483000;inset:auto 1rem 1rem auto;
font:550 1.0625rem/1.3 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
:host([hidden]){display:none}
button{font:inherit;border:0;cursor:pointer;color:var(--o);background:var(--g);min-height:2.75rem}
button:focus-visible{outline:3px solid var(--o);box-shadow:0 0 0 6px var(--g)}
.l{display:flex;align-items:center;gap:.625rem;padding:.75rem 1.25rem;border-radius:2rem;box-shadow:0 4px 18px rgb(0 0 0/25%)}
.l svg{width:1.5rem;height:1.5rem;flex:none}
.n{width:.75rem;height:.75rem;border-radius:50%;background:#ffce6b}
.p{position:fixed;right:1rem;bottom:1rem;width:min(26rem,calc(100vw - 2rem));height:min(44rem,calc(100dvh - 2rem));
display:flex;flex-direction:column;overflow:hidden;border-radius:1rem;background:var(--g);box-shadow:0 12px 48px rgb(0 0 0/30%)}
.b{display:flex;align-items:center;color:var(--o);padding-inline-start:1rem}
.b span{flex:1}
.b button{min-width:2.75rem;font-size:1.5rem}
.b button:focus-visible{outline-offset:-4px;box-shadow:none}
.m{color:var(--o);padding:0 1rem 1rem;margin:0}
iframe{flex:1;border:0;width:100%;background:#f6f2ea;color-scheme:light dark;border-radius:0 0 1rem 1rem}
[hidden]{display:none}
@media(max-width:36rem){.p{inset:auto 0 0;width:100%;height:calc(100dvh - 2.5rem);border-radius:1rem 1rem 0 0}iframe{border-radius:0}}
@media(prefers-reduced-motion:no-preference){.p{animation:u .18s ease-out}@keyframes u{from{transform:translateY(1rem);opacity:0}}}
@media(forced-colors:active){button,.p{border:2px solid}}
@media print{:host{display:none}}`;
  const MARK =
    "M4 7a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-6l-5 4v-4.2A3 3 0 0 1 4 14zm7-1v3H8v3h3v3h2v-3h3V9h-3V6z";

  // A constructed sheet, because a clinic's content policy may forbid inline styles.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);

  const make = (tag, values = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), values);
    element.append(...children);
    return element;
  };

  class PrevisitChat extends HTMLElement {
    static observedAttributes = ["open"];

    connectedCallback() {
      if (this.launcher) return;
      const label = this.getAttribute("label") || "Start before your visit";
      this.origin = new URL(this.getAttribute("src") || home, location).origin;
      this.news = make("span", { className: "n", hidden: true });
      this.launcher = make("button", { type: "button", className: "l" }, mark(), label, this.news);
      this.launcher.setAttribute("aria-expanded", "false");
      const close = make("button", { type: "button", textContent: "×", ariaLabel: "Close the chat" });
      this.note = make("p", { className: "m", hidden: true, role: "status" });
      this.panel = make("div", { className: "p", hidden: true, role: "dialog", ariaLabel: label });
      this.panel.append(make("div", { className: "b" }, make("span", { textContent: label }), close), this.note);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      root.append(this.launcher, this.panel);
      this.launcher.onclick = () => (this.open = true);
      close.onclick = () => (this.open = false);
      root.addEventListener("keydown", (event) => event.key === "Escape" && (this.open = false));
      addEventListener("message", (event) => this.hear(event));
      if (this.open) this.attributeChangedCallback();
    }

    get open() {
      return this.hasAttribute("open");
    }

    set open(wanted) {
      this.toggleAttribute("open", wanted);
    }

    attributeChangedCallback() {
      if (!this.launcher || this.panel.hidden !== this.open) return;
      if (this.open) this.load();
      this.panel.hidden = !this.open;
      this.launcher.hidden = this.open;
      this.launcher.setAttribute("aria-expanded", String(this.open));
      this.news.hidden = true;
      (this.open ? this.frame : this.launcher).focus();
    }

    load() {
      if (this.frame) return;
      const language = this.getAttribute("lang");
      const src = `${this.origin}/chat${language ? `?lang=${encodeURIComponent(language)}` : ""}`;
      this.frame = make("iframe", { src, title: this.panel.ariaLabel, referrerPolicy: "no-referrer" });
      this.panel.append(this.frame);
      this.lost = setTimeout(() => {
        this.note.textContent = this.getAttribute("lost") || "The chat does not load. Please phone the clinic.";
        this.note.hidden = false;
      }, 10000);
    }

    hear({ source, origin, data }) {
      if (!this.frame || source !== this.frame.contentWindow || origin !== this.origin) return;
      if (data === "previsit:close") this.open = false;
      if (data === "previsit:news") this.news.hidden = this.open;
      if (data === "previsit:ready") {
        clearTimeout(this.lost);
        this.note.hidden = true;
      }
    }
  }

  function mark() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", MARK);
    path.setAttribute("fill", "currentColor");
    svg.append(path);
    return svg;
  }

  customElements.define("previsit-chat", PrevisitChat);
})();
