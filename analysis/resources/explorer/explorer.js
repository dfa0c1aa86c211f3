"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const MINUS = "\u2212";
const MOST_LINES = 200;
const MOST_FORMS = 20;
const LETTER = matchMedia("(max-width: 44rem)").matches ? 9.5 : 7; // width, as explorer.css sets type

// Making elements: text is always set as text, never as markup.

function make(name, attributes = {}, ...children) {
  const svg = ["svg", "g", "circle", "line", "path", "text", "title", "rect"].includes(name);
  const node = svg ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

const fill = (id, ...children) => $(id).replaceChildren(...children.filter((c) => c !== null));
const number = (value, digits = 1) => value === null ? "–" : typeof value === "string" ? value :
  value.toFixed(digits).replace(/^-(?=[\d.]*[1-9])/, MINUS).replace(/^-/, "");
const whole = (value) => value.toLocaleString("en");
const chance = (p) => p === null ? "–" : p < 0.001 ? "< .001" : p > 0.999 ? "> .999" : p.toFixed(3).replace(/^0/, "");

// What is counted in this page is per thousand words of this page, which may not hold all.
const groupOf = (row) => data.documents[data.sentences[row].d].group;
const size = data.groups.map(() => 0); // words of this page, by group
data.sentences.forEach((sentence, row) => { size[groupOf(row)] += sentence.w.length / 3; });

// The words: one record a row of the keyness table

const words = data.terms.map(([key, shown, target, reference, ratio, low, high, p, family, sure]) =>
  ({ key, shown, counts: [target, reference], ratio, low, high, p, family, sure: sure === 1 }));
const byKey = new Map(words.map((word) => [word.key, word]));
const others = new Map(data.others.map(([key, ...counts]) => [key, counts])); // counted, not drawn
const undrawn = [...others].map(([key, counts]) =>
  ({ key, shown: key, counts, ratio: null, family: null, sure: false }));
const idOf = new Map(data.vocabulary.map((token, id) => [token, id]));
let chosen = { title: "", entries: [], word: null };

document.querySelectorAll("[data-group]").forEach((node) => {
  node.textContent = data.groups[+node.dataset.group].label;
});

function lead() {
  const [target, reference] = data.groups;
  const size = (g) => `${g.label}: ${whole(g.documents)} document${g.documents === 1 ? "" : "s"}, ` +
    `${whole(g.tokens)} words, ${whole(g.units)} units`;
  $("lead").textContent = `${size(target)}. ${size(reference)}. ` +
    `This page is for looking; what may be concluded stands in the notebooks.`;
  const sure = words.filter((word) => word.sure).length;
  $("words-lead").textContent = `Of ${whole(data.tested)} words compared, ${whole(sure)} ` +
    `${sure === 1 ? "is" : "are"} established at a family-wise ${100 * data.level} %.` +
    (words.length < data.tested ? ` Shown are the ${whole(words.length)} with most evidence.` : "");
}

// Scatter: occurrences against log ratio

const FRAME = { width: 640, height: 420, left: 46, right: 12, top: 12, bottom: 40 };

function scatter() {
  const { width, height, left, right, top, bottom } = FRAME;
  const most = Math.max(10, ...words.map((w) => w.counts[0] + w.counts[1]));
  const far = Math.max(1, ...words.map((w) => Math.abs(w.ratio))) * 1.08;
  const piles = new Map(); // words of equal counts spread into a disc, so that their number shows
  words.forEach(({ counts }) => piles.set(counts.join(), (piles.get(counts.join()) ?? 0) + 1));
  const wide = (n) => n === 1 ? 0 : Math.min(44, 6 + 1.25 * Math.sqrt(n));
  const begin = left + wide(Math.max(1, ...[[1, 0], [0, 1]].map((own) => piles.get(own.join()) ?? 1)));
  const x = (n) => begin + (width - begin - right) * Math.log(n) / Math.log(most * 1.2);
  const y = (ratio) => top + (height - top - bottom) * (far - ratio) / (2 * far);
  const svg = $("scatter");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  $("scatter-title").textContent = `Scatter of ${whole(words.length)} words: occurrences against ` +
    `log ratio. The list beside it holds the same words.`;
  svg.append(make("line", { class: "axis", x1: left, x2: width - right, y1: y(0), y2: y(0) }));
  for (let tick = 1; tick <= most * 1.2; tick *= tick.toString()[0] === "1" ? 3 : 10 / 3) {
    const n = Math.round(tick);
    svg.append(make("text", { x: x(n), y: height - 20, "text-anchor": "middle" }, whole(n)));
  }
  svg.append(make("text", { x: (left + width - right) / 2, y: height - 4, "text-anchor": "middle" },
    "occurrences in both groups together"));
  const step = far > 6 ? 4 : far > 3 ? 2 : 1;
  for (let tick = -Math.floor(far / step) * step; tick <= far; tick += step) {
    svg.append(make("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, number(tick, 0)));
  }
  const placed = new Map();
  words.forEach((word) => {
    const own = word.counts.join(), place = placed.get(own) ?? 0, pile = piles.get(own);
    placed.set(own, place + 1);
    const apart = wide(pile) / Math.sqrt(pile), turn = 2.4 * place; // between neighbours
    const far = apart * Math.sqrt(place + 0.5);
    const r = pile === 1 ? 4 : Math.max(0.7, Math.min(4, (1.9 * apart - 0.8) / 2));
    word.at = [x(word.counts[0] + word.counts[1]) + far * Math.cos(turn),
      y(word.ratio) + far * Math.sin(turn)];
    word.dot = make("circle", {
      class: `mark g${word.ratio >= 0 ? 0 : 1}${word.sure ? " sure" : r < 3 ? " small" : ""}`,
      cx: word.at[0], cy: word.at[1], r: word.sure ? 6 : r, onclick: () => choose(word, true),
    }, make("title", {}, `${word.shown}: ${word.counts[0]} and ${word.counts[1]}`));
  });
  [...words].sort((a, b) => a.sure - b.sure).forEach((word) => svg.append(word.dot));
  const labels = make("g", {});
  svg.append(labels);
  return labels;
}

const labels = scatter();

function label(some) {
  const taken = [];
  labels.replaceChildren(...some.slice(0, 24).flatMap((word) => {
    const [x, y] = word.at, wide = LETTER * word.shown.length, end = x + 9 + wide > FRAME.width;
    const box = [end ? x - 9 - wide : x + 9, y - 9, end ? x - 9 : x + 9 + wide, y + 7];
    if (taken.some((b) => b[0] < box[2] && box[0] < b[2] && b[1] < box[3] && box[1] < b[3])) return [];
    taken.push(box);
    return [make("text", { class: "label", x: end ? x - 9 : x + 9, y: y + 4,
      "text-anchor": end ? "end" : "start" }, word.shown)];
  }));
}

// The list and the search

function matching() {
  const asked = listed($("search").value).map(plain), only = $("only").checked;
  const whole = asked.map((part) => part.includes("*") ? wild(part) : null);
  const fits = ({ key, shown }) => asked.some((part, k) => whole[k]
    ? whole[k].test(key) || whole[k].test(plain(shown))
    : key.includes(part) || plain(shown).includes(part));
  const pool = asked.length && !only ? [...words, ...undrawn] : words; // a search knows them all
  const found = pool.filter((word) => (!only || word.sure) && (!asked.length || fits(word)));
  const far = ({ key }) => asked.includes(key) ? 0 : asked.some((part) => key.startsWith(part)) ? 1 : 2;
  return asked.length ? found.sort((a, b) => far(a) - far(b)) : found;  // the word itself first
}

function list() {
  const found = matching(), inside = new Set(found);
  words.forEach((word) => {
    word.dot.classList.toggle("dim", !inside.has(word));
    word.dot.classList.toggle("chosen", word === chosen.word);
  });
  fill("list", ...found.slice(0, MOST_LINES).map((word) => make("tr",
    { "aria-selected": word === chosen.word ? "true" : null },
    make("td", {}, make("button", { type: "button",
      onclick: () => word.dot ? choose(word, true) : count(word.key) }, word.shown),
      word.sure ? make("span", { class: `tag${word.ratio >= 0 ? 0 : 1}` }, " established") : null),
    make("td", { class: "n" }, whole(word.counts[0])),
    make("td", { class: "n" }, whole(word.counts[1])),
    make("td", { class: "n" }, number(word.ratio)),
    make("td", { class: "n" }, chance(word.family)))));
  const all = words.length + ($("search").value.trim() && !$("only").checked ? undrawn.length : 0);
  $("found").textContent = `${whole(found.length)} of ${whole(all)} words` +
    (found.length > MOST_LINES ? `, the first ${MOST_LINES} listed` : "");
  const front = chosen.word && inside.has(chosen.word) ? [chosen.word] : [];
  const drawn = found.filter((word) => word.dot);
  label([...front, ...drawn.filter((w) => w.sure), ...drawn.filter((w) => !w.sure)]);
}

const plain = (text) => text.normalize("NFC").toLowerCase().replace(/[\u2018\u2019\u02bc]/g, "'")
  .replace(/[\u2010\u2011]/g, "-").trim();

const listed = (text) => text.split(",").map((part) => part.trim()).filter(Boolean);

// A star stands for any letters of a word, and alone for any word.
const wild = (part) => new RegExp(`^${part.replace(/[.*+?^${}()|[\]\\]/g, (sign) => sign === "*" ? ".*" : `\\${sign}`)}$`, "su");

// Occurrences: runs of tokens in the sentences of this page

// An entry is a list of parts, each the numbers of the tokens that it stands for.
function entry(text) {
  if (text.trim() === "US") return [new Set([idOf.get("u.s.") ?? -1])];
  return plain(text).split(/\s+/).map((token) => {
    if (token.includes("*")) {
      const fits = wild(token);
      return new Set(data.vocabulary.flatMap((own, id) => fits.test(own) ? [id] : []));
    }
    const own = idOf.has(token) ? token : token.replace(/'s$/, "").replace(/[.,;:!?"()]+$/, "");
    return own ? new Set([idOf.get(own) ?? -1]) : null;
  }).filter(Boolean);
}

function occurrences(entries) {
  const rows = [];
  const single = entries.every((parts) => parts.length === 1);  // a word is none inside a name
  const passed = single ? data.names.map(entry) : [];
  const longest = [...entries, ...passed].sort((a, b) => b.length - a.length);
  data.sentences.forEach((sentence, row) => {
    const tokens = sentence.w;
    for (let place = 0; place < tokens.length; place += 3) {
      const run = longest.find((parts) => parts.length && parts.every((ids, k) =>
        place + 3 * k < tokens.length && ids.has(tokens[place + 3 * k + 2])));
      if (!run) continue;
      const last = place + 3 * (run.length - 1);
      if (!passed.includes(run)) {
        rows.push({ row, entry: run, start: tokens[place], end: tokens[last] + tokens[last + 1],
          said: run.map((_, k) => data.vocabulary[tokens[place + 3 * k + 2]]).join(" ") });
      }
      place = last;
    }
  });
  return rows;
}

function choose(word, move) {
  chosen = { title: word.shown, entries: [entry(word.key)], word };
  show(move);
}

function own(event) {
  event.preventDefault();
  const parts = listed($("own-words").value);
  if (!parts.length) return;
  const bare = parts.find((part) => !plain(part).replace(/[*\s]/g, ""));
  if (bare) {
    fill("facts", make("p", {}, `“${bare}” fits every word: give a star some letters, as in happ*.`));
    return;
  }
  const single = parts.length === 1 ? plain(parts[0]) : null, known = byKey.get(single);
  chosen = known ? { title: known.shown, entries: [entry(known.key)], word: known }
    : { title: parts.join(", "), entries: parts.map(entry), word: null, all: others.get(single), parts };
  show(false);
}

function show(move) {
  chosen.rows = occurrences(chosen.entries);
  chosen.counts = [0, 1].map((g) => chosen.rows.filter(({ row }) => groupOf(row) === g).length);
  list();
  facts();
  ribbons();
  lines();
  texts();
  if (move) { $("word-title").focus({ preventScroll: true }); $("word").scrollIntoView(); }
}

// A link to this page may name a word: explorer.html#word=peace

function asked() {
  const named = decodeURIComponent(location.hash).match(/^#word=(.+)$/);
  if (!named) return;
  $("own-words").value = named[1];
  $("own").requestSubmit();
  $("word").scrollIntoView();
}

function count(key) {
  $("own-words").value = key;
  $("own").requestSubmit();
  $("word-title").focus({ preventScroll: true });
  $("word").scrollIntoView();
}

// What is known of the chosen word

function interval() {
  const sums = new Map();
  data.sentences.forEach((sentence, row) => {
    const unit = sums.get(sentence.u) ?? { group: groupOf(row), count: 0, tokens: 0 };
    unit.tokens += sentence.w.length / 3;
    sums.set(sentence.u, unit);
  });
  chosen.rows.forEach(({ row }) => { sums.get(data.sentences[row].u).count += 1; });
  const parts = [0, 1].map((group) => {
    const units = [...sums.values()].filter((unit) => unit.group === group);
    const count = units.reduce((sum, unit) => sum + unit.count, 0);
    const tokens = units.reduce((sum, unit) => sum + unit.tokens, 0);
    const squares = units.reduce((sum, u) => sum + (u.count - count * u.tokens / tokens) ** 2, 0);
    return { count, tokens, m: units.length, v: squares * units.length / (units.length - 1) / count ** 2 };
  });
  const [a, b] = parts;
  if (!a.count || !b.count || a.m < 2 || b.m < 2) return null;
  const ratio = Math.log2(a.count / a.tokens / (b.count / b.tokens));
  const df = (a.v + b.v) ** 2 / (a.v ** 2 / (a.m - 1) + b.v ** 2 / (b.m - 1));
  const t = data.t[Math.max(0, Math.min(data.t.length, Math.floor(df)) - 1)];
  const half = t * Math.sqrt(a.v + b.v) / Math.LN2;
  return { ratio, low: ratio - half, high: ratio + half };
}

function facts() {
  $("word-title").textContent = `“${chosen.title}” in the sentences`;
  const word = chosen.word, counts = word ? word.counts : chosen.all ?? chosen.counts;
  const said = data.groups.map((group, g) => {
    const rate = 1000 * counts[g] / (word || chosen.all ? group.tokens : size[g]);
    return `${group.label}: ${whole(counts[g])} (${number(rate, 2)} per 1,000 words)`;
  });
  let verdict;
  if (word) {
    verdict = `Log ratio ${number(word.ratio)}, 95 % interval ${number(word.low)} to ` +
      `${number(word.high)}, p ${chance(word.p)}, family-wise p ${chance(word.family)}: ` +
      `${word.sure ? "established" : "not established"}.` +
      ([word.low, word.high].some((end) => typeof end === "string") ?
        " An end at ∞ is open: a group has the word so rarely that the counts set no bound there." : "");
  } else if (chosen.all) {
    verdict = "Counted in all texts. Its interval and test stand in the table of keywords, " +
      "keywords-rates.csv: this page holds those of the words with most evidence.";
  } else if (!data.complete) {
    verdict = "Counted in the sentences that this page holds, which are not all, and per 1,000 of " +
      "their words: those in which telling words stand, so no sample of the texts.";
  } else {
    const found = interval();
    verdict = found ? `Log ratio ${number(found.ratio)}, 95 % interval ${number(found.low)} to ` +
      `${number(found.high)} (linearised, from this page's units; chosen after looking, so no test).`
      : "No interval: a group lacks the word.";
  }
  fill("facts", make("p", {}, `${said.join("; ")}. ${verdict}`),
    ...spelled().map((own) => make("p", { class: "soft" }, own)));
}

// What stars stand for, and what of a list stands nowhere.
function spelled() {
  const parts = chosen.parts ?? [], here = data.complete ? "in the texts" : "in this page";
  return parts.flatMap((part, k) => {
    const own = chosen.rows.filter((hit) => hit.entry === chosen.entries[k]);
    const forms = new Map();
    own.forEach(({ said }) => forms.set(said, (forms.get(said) ?? 0) + 1));
    const most = [...forms].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    if (!own.length) return chosen.all ? [] : [`“${part}” fits nothing ${here}, or only what another entry counts.`];
    if (!part.includes("*")) return [];
    const shown = most.slice(0, MOST_FORMS).map(([form, n]) => `${form} ${whole(n)}`).join(", ");
    return [`“${part}” stands for ${shown}${most.length > MOST_FORMS ? `, and ${whole(most.length - MOST_FORMS)} more` : ""}.`];
  });
}

// Where in the texts, and the lines

function ribbons() {
  fill("ribbons", ...data.groups.map((group, g) => {
    const own = chosen.rows.filter(({ row }) => groupOf(row) === g);
    const svg = make("svg", { viewBox: "0 0 600 40", role: "img",
      "aria-label": `${own.length} places of the word along ${group.label}` },
    make("rect", { x: 0, y: 8, width: 600, height: 24, fill: "none", class: `stroke${g}` }));
    own.forEach(({ row, start }) => {
      const at = 600 * (data.sentences[row].at + start / 1e6);
      svg.append(make("line", { class: `stroke${g}`, x1: at, x2: at, y1: 8, y2: 32, "stroke-width": 2 }));
    });
    return make("figure", {}, make("h3", { class: `tag${g}` }, group.label), svg,
      make("figcaption", {}, "From the beginning to the end of the group's " +
      `texts${data.complete ? "" : "; only what this page holds"}.`));
  }));
}

function lines() {
  fill("lines", ...data.groups.map((group, g) => {
    const own = chosen.rows.filter(({ row }) => groupOf(row) === g);
    const total = (chosen.word?.counts ?? chosen.all)?.[g] ?? own.length;
    const items = own.slice(0, MOST_LINES).map(({ row, start, end }) => {
      const { x } = data.sentences[row];
      return make("li", {}, x.slice(0, start), make("mark", {}, x.slice(start, end)), x.slice(end), " ",
        make("a", { href: `#s${row}`, onclick: () => open(row),
          title: `characters ${data.sentences[row].b.join(" to ")} of the raw file` }, "in the text"));
    });
    return make("div", {}, make("h3", { class: `tag${g}` }, `${group.label}: ${whole(total)}` +
      (own.length < total || own.length > MOST_LINES ? `, ${Math.min(own.length, MOST_LINES)} shown` : "")),
    make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Lines of ${group.label}` },
      items.length ? make("ol", {}, ...items) : "Nowhere."));
  }));
}

// Tone along the texts: a dot a sentence, and a slider that reads them out

function courses() {
  if (!data.sentences.some((s) => s.t !== null)) { $("tone").remove(); return; }
  $("tone-lead").textContent = `Each dot is a sentence${data.complete ? "" : " that this page holds"}, ` +
    "at its place in the group's texts; up is positive, in raters' units. Move the slider, or the pointer, to read a sentence. Single " +
    "sentences are often misjudged by lists of words.";
  const far = Math.max(1, ...data.sentences.map((s) => Math.abs(s.t ?? 0)));
  fill("courses", ...data.groups.map((group, g) => {
    const rows = data.sentences.map((s, row) => row).filter((row) => groupOf(row) === g &&
      data.sentences[row].t !== null);
    const said = make("p", { class: "said", "aria-live": "polite" });
    const place = (row) => [600 * data.sentences[row].at, 70 - 60 * data.sentences[row].t / far];
    const ring = make("circle", { r: 8, class: "mark chosen", fill: "none" });
    const svg = make("svg", { viewBox: "-8 0 616 140", role: "img",
      "aria-label": `Tone of ${rows.length} sentences along ${group.label}` },
    make("line", { class: "axis", x1: 0, x2: 600, y1: 70, y2: 70 }));
    const slider = make("input", { type: "range", min: 0, max: rows.length - 1, value: 0,
      "aria-label": `Sentence of ${group.label}`, oninput: () => tell(+slider.value) });
    function tell(index) {
      const row = rows[index], sentence = data.sentences[row];
      slider.value = index;
      [ring.cx.baseVal.value, ring.cy.baseVal.value] = place(row);
      slider.setAttribute("aria-valuetext", `Sentence ${index + 1}, tone ${number(sentence.t)}`);
      said.replaceChildren(make("strong", {}, `Tone ${number(sentence.t)} `), sentence.x, " ",
        make("a", { href: `#s${row}`, onclick: () => open(row) }, "in the text"));
    }
    rows.forEach((row, index) => {
      const [cx, cy] = place(row);
      svg.append(make("circle", { class: `mark g${g}`, cx, cy, r: 3, onpointerenter: () => tell(index) }));
    });
    svg.append(ring);
    if (rows.length) tell(0);
    return make("figure", {}, make("h3", { class: `tag${g}` }, group.label), svg, slider, said);
  }));
}

// The reader: one document a side, highlighted

const MARKS = () => document.querySelector("input[name=marks]:checked").value;
const parts = data.documents.map(() => 0); // sentences of each document that the page holds
data.sentences.forEach(({ d }) => { parts[d] += 1; });
const entire = (id) => parts[id] === data.documents[id].n;
const reading = data.documents.map((d, id) => id).sort((a, b) => entire(b) - entire(a)); // whole ones first
const opened = data.groups.map((_, g) => reading.find((id) => data.documents[id].group === g) ?? -1);

function titleOf(id) {
  const { title, id: name, n } = data.documents[id];
  return (title || name) + (entire(id) ? "" : ` (${whole(parts[id])} of ${whole(n)} sentences)`);
}

function toneClass(tone) {
  return tone === null || Math.abs(tone) < data.neutral ? "" : tone > 0 ? "good" : "bad";
}

function piece(row, marks) {
  const { x, w, t, a, k } = data.sentences[row];
  const node = make("span", { id: `s${row}`, tabindex: -1 });
  if (marks === "tone") node.className = toneClass(t);
  if (marks === "topics" && k !== null) node.className = `t${k % 6}`;
  const spans = [];
  if (marks === "words") {
    chosen.rows?.filter((hit) => hit.row === row).forEach((hit) => spans.push([hit.start, hit.end, ""]));
    for (let i = 0; i < w.length; i += 3) {
      const word = byKey.get(data.vocabulary[w[i + 2]]);
      if (word?.lead) spans.push([w[i], w[i] + w[i + 1], word.ratio >= 0 ? "k0" : "k1"]);
    }
  }
  if (marks === "actors") a.forEach(([start, end]) => spans.push([start, end, ""]));
  let at = 0;
  spans.sort((p, q) => p[0] - q[0] || q[1] - p[1]).forEach(([start, end, kind]) => {
    if (start < at) return;
    node.append(x.slice(at, start), make("mark", { class: kind || null }, x.slice(start, end)));
    at = end;
  });
  node.append(x.slice(at), " ");
  return node;
}

function texts() {
  const marks = MARKS();
  const keys = {
    words: [make("mark", {}, "chosen word"), " ", make("mark", { class: "k0" }, `marks ${data.groups[0].label}`),
      " ", make("mark", { class: "k1" }, `marks ${data.groups[1].label}`)],
    tone: [make("span", { class: "good" }, "positive"), make("span", { class: "bad" }, "negative")],
    topics: data.topics.map((name, k) => make("span", { class: `t${k % 6}` }, name)),
    actors: [make("mark", {}, "named actor")],
    none: [],
  };
  fill("key", ...keys[marks]);
  fill("texts", ...data.groups.map((group, g) => {
    const held = reading.filter((id) => data.documents[id].group === g);
    const box = make("div", { class: "scroll text", tabindex: 0, role: "region",
      "aria-label": `Text of ${group.label}` });
    const own = data.sentences.map((s, row) => row).filter((row) => data.sentences[row].d === opened[g]);
    let paragraph = null, last = null, next = 0;
    own.forEach((row) => {
      const { i, p } = data.sentences[row];
      if (p !== last) { paragraph = make("p", {}); box.append(paragraph); }
      if (i !== next) paragraph.append(make("span", { class: "soft" }, "[…] "));
      paragraph.append(piece(row, marks));
      [last, next] = [p, i + 1];
    });
    if (own.length && next < data.documents[opened[g]].n) box.append(make("p", { class: "soft" }, "[…]"));
    const pick = make("select", { id: `pick${g}`, "aria-label": `Document of ${group.label}`,
      onchange: () => { opened[g] = +pick.value; texts(); $(`pick${g}`).focus(); } },
    ...held.map((id) => make("option", { value: id, selected: id === opened[g] ? "" : null }, titleOf(id))));
    return make("div", {}, make("h3", { class: `tag${g}` }, group.label),
      held.length > 1 ? pick : make("p", { class: "soft" }, held.length ?
        titleOf(held[0]) : "No text is held in this page."),
      box);
  }));
}

function open(row) {
  opened[groupOf(row)] = data.sentences[row].d;
  texts();
  requestAnimationFrame(() => { $(`s${row}`)?.focus(); });
}

// About

function about() {
  const rows = Object.entries(data.about).map(([name, value]) =>
    make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, value)));
  fill("record", make("p", {}, data.guard), data.complete ? null : make("p", {}, data.bounded),
    make("table", {}, make("tbody", {}, ...rows)));
}

words.filter((word) => word.sure).concat(words.slice(0, 20))
  .forEach((word) => { word.lead = true; });
if (!data.actors) $("has-actors").remove();
if (!data.topics.length) $("has-topics").remove();
lead();
courses();
about();
$("search").addEventListener("input", list);
$("only").addEventListener("change", list);
$("own").addEventListener("submit", own);
document.querySelectorAll("input[name=marks]").forEach((box) => box.addEventListener("change", texts));
if (words.length) choose(words.find((word) => word.sure) ?? words[0], false); else { list(); texts(); }
addEventListener("hashchange", asked);
asked();
