#include "apps/report/style.hpp"

#include <fmt/format.h>

namespace rondo::apps::report {
namespace {

constexpr std::size_t curve_colours = 8;

}  // namespace

// The colours of curves are Okabe and Ito's, which people with any kind of colour vision can tell
// apart; on dark ground lighter.
const char* style() {
  return R"css(:root {
  --paper: #fff; --ink: #1d2329; --muted: #66717c; --grid: #e2e6ea; --panel: #f6f8fa;
  --accent: 33, 113, 181; --link: #0b5cad;
  --curve-0: #0072b2; --curve-1: #d55e00; --curve-2: #009e73; --curve-3: #cc79a7;
  --curve-4: #b87f00; --curve-5: #3fa3d8; --curve-6: #000; --curve-7: #8a7d00;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14181c; --ink: #e3e7eb; --muted: #98a3ad; --grid: #2e363d; --panel: #1d2328;
    --accent: 88, 160, 224; --link: #7cb8f2;
    --curve-0: #4aa8e0; --curve-1: #f08a3c; --curve-2: #2fc79c; --curve-3: #e39cc4;
    --curve-4: #e6ad2e; --curve-5: #86cdf2; --curve-6: #fff; --curve-7: #d3c63a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
main { max-width: 1280px; margin: 0 auto; padding: 1rem; }
h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: .5rem 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.25rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--grid); }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; overflow-wrap: anywhere; }
.muted, figcaption { color: var(--muted); }
figcaption, .small { font-size: .85rem; }
figure { margin: 0; }
dl { margin: .75rem 0; }
dd { margin: 0; overflow-wrap: anywhere; }
dt { color: var(--muted); font-size: .85rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .6rem; }
.cards > div { background: var(--panel); border-radius: .5rem; padding: .6rem .8rem; }
.cards dd { font-size: 1.2rem; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr)); gap: .6rem 1.5rem; }
.digests dd { font: .85rem/1.5 ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", Menlo, monospace; }
.digests > div { margin: .4rem 0; }
.keys { columns: 17rem; column-gap: 1.5rem; font-size: .9rem; }
.keys > div { display: flex; justify-content: space-between; gap: 1rem; padding: .15rem 0; border-bottom: 1px solid var(--grid); break-inside: avoid; }
.keys dd { text-align: right; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem 1.5rem; align-items: start; }
.beside > div { min-width: 0; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: .9rem; margin: .5rem 0; }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; vertical-align: top; border-bottom: 1px solid var(--grid); }
th { font-weight: 600; color: var(--muted); }
td { overflow-wrap: break-word; min-width: 3rem; max-width: min(32rem, 75vw); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
pre {
  background: var(--panel); border-radius: .5rem; padding: .7rem .9rem; margin: .5rem 0; font-size: .85rem;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
pre, code { font-family: ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", Menlo, monospace; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--link); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: .5rem 0; list-style: none; font-size: .9rem; }
.legend li { overflow-wrap: anywhere; }
.legend svg { width: 1.8rem; height: .7rem; margin-right: .45rem; }
.picture { display: block; width: 100%; height: auto; fill: currentColor; font-family: inherit; }
.scroll > .picture { width: auto; min-width: max-content; max-width: none !important; }
.picture .grid { stroke: var(--grid); }
.picture .muted, .picture text[fill="#555"], .picture text[fill="#888"] { fill: var(--muted); }
.bars { display: grid; grid-template-columns: max-content 1fr max-content; gap: .3rem .8rem; align-items: center; font-size: .9rem; max-width: 46rem; }
.bar { display: block; height: .8rem; border-radius: .2rem; background: rgb(var(--accent)); }
.confusion td, .confusion th { text-align: center; padding: .2rem .35rem; min-width: 2.1rem; border: 1px solid var(--paper); font-variant-numeric: tabular-nums; }
.confusion th { font-weight: 500; white-space: nowrap; }
.confusion th:first-child { text-align: right; }
.confusion .diagonal { outline: 1px solid var(--muted); outline-offset: -1px; }
.confusion .dark { color: #fff; }
.confusion tbody th { white-space: normal; max-width: 11rem; }
@media (max-width: 600px) {
  .confusion { font-size: .75rem; }
  .confusion td, .confusion th { padding: .15rem .2rem; min-width: 1.6rem; }
}
footer { margin: 2.5rem 0 1rem; color: var(--muted); font-size: .85rem; }
@media print {
  @page { margin: 14mm; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h2, h3, summary { break-after: avoid; }
  figure, tr, .cards > div, pre { break-inside: avoid; }
  .bar, .cards > div, pre, .confusion td, .picture { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .beside { grid-template-columns: 1fr 1fr; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; }
  th, td, .number { white-space: normal; overflow-wrap: anywhere; min-width: 0; padding-right: .5em; }
  .confusion { font-size: 7pt; }
  .confusion td, .confusion th { min-width: 0; padding: .1rem .15rem; }
  .scroll > .picture { min-width: 0; max-width: 100% !important; }
  summary { color: inherit; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
)css";
}

std::string curve_colour(std::size_t curve) {
  return fmt::format("var(--curve-{})", curve % curve_colours);
}

std::string curve_dashes(std::size_t curve) {
  const std::size_t round = curve / curve_colours;
  return round == 0 ? "" : fmt::format(" stroke-dasharray=\"{} 3\"", 3 + 3 * round);
}

}  // namespace rondo::apps::report
