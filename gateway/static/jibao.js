// Countdowns that tick, and parts of a page that renew themselves. 倒计时与局部刷新。
// Every page is right without this script; with it, it is right now.
"use strict";
(() => {
  const words = JSON.parse(document.body.dataset.ticking);
  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // The server's clock, carried on by ours: a telephone's own clock may be wrong, and a
  // demonstration's day may pass quickly.
  let told = Number(document.body.dataset.now), toldAt = performance.now(), rate = 1;
  const now = () => told + (performance.now() - toldAt) * rate;
  const tell = (instant) => {
    const passed = performance.now() - toldAt, found = (instant - told) / passed;
    if (passed > 3000 || (passed > 400 && found > 3)) {
      rate = Math.abs(found - 1) < 0.2 || found <= 0 ? 1 : found;
      told = instant;
      toldAt = performance.now();
    }
  };

  const lasted = (seconds) => {
    const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
    if (days) return fill(words.days, { days, hours: hours % 24 });
    if (hours) return fill(words.hours, { hours, minutes: minutes % 60 });
    return fill(words.minutes, { minutes, seconds: String(seconds % 60).padStart(2, "0") });
  };
  const tick = () => {
    for (const due of document.querySelectorAll("time[data-due]")) {
      const left = Number(due.dataset.due) - now();
      const length = lasted(Math.floor(Math.abs(left) / 1000));
      const text = fill(left >= 0 ? words.left : words.over, { length });
      if (due.textContent !== text) due.textContent = text;
      due.classList.toggle("over", left < 0);
      due.classList.toggle("soon", left >= 0 && left < 900000);
    }
  };

  const part = document.querySelector("[data-part]");
  const live = document.getElementById("live");
  const say = (isLive) => {
    if (!live) return;
    live.hidden = false;
    live.classList.toggle("away", !isLive);
    live.textContent = isLive ? words.live : words.away;
  };
  let asking = false, asked = false;
  const renew = async () => {
    if (asking) { asked = true; return; }
    asking = true;
    try {
      const answer = await fetch(part.dataset.part, { headers: { accept: "text/html" } });
      if (answer.redirected) { location.reload(); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.text());
      say(true);
    } catch { say(false); } finally {
      asking = false;
      if (asked) { asked = false; renew(); }
    }
  };
  const show = (html) => {
    const open = [...part.querySelectorAll("details[open][id]")].map((each) => each.id);
    const focused = part.contains(document.activeElement) ? document.activeElement.closest("form")?.getAttribute("action") : null;
    part.innerHTML = html;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused) part.querySelector(`form[action="${CSS.escape(focused).replace(/\\/g, "")}"] button`)?.focus();
    const head = part.querySelector("[data-now]");
    if (head) tell(Number(head.dataset.now));
    if (head?.dataset.title) document.title = head.dataset.title;
    tick();
  };

  if (part) {
    setInterval(() => { if (!document.hidden) renew(); }, Number(part.dataset.every) * 1000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) renew(); });
    if (part.dataset.events) {
      const listen = () => {
        const events = new EventSource(part.dataset.events);
        events.addEventListener("open", () => say(true));
        events.addEventListener("clock", (event) => tell(Number(event.data)));
        events.addEventListener("change", renew);
        events.addEventListener("error", () => {
          if (events.readyState === EventSource.CLOSED) { say(false); setTimeout(listen, 5000); }
        });
      };
      listen();
    } else setTimeout(renew, 2000);
  }

  // Beijing's time into an empty field, by one touch.
  for (const button of document.querySelectorAll("[data-fill-now]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      document.getElementById(button.dataset.fillNow).value =
        new Date(now() + 8 * 3600000).toISOString().slice(0, 16);
    });
  }

  // A form that is sent once is sent once, however often the thumb comes down.
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", () => {
      const button = form.querySelector("button.big");
      const label = button.textContent;
      setTimeout(() => { button.disabled = true; button.textContent = words.sending; }, 0);
      addEventListener("pageshow", () => { button.disabled = false; button.textContent = label; });
    });
  }

  setInterval(tick, 1000);
  tick();
})();
