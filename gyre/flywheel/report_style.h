#pragma once

namespace gyre::flywheel {

// The report's style sheet: light and dark by the reader's setting, no outside fonts or scripts.
inline constexpr const char* kReportStyle = R"css(
:root { color-scheme: light dark; --bg: #f6f7f9; --card: #ffffff; --ink: #16191f; --soft: #5c6675;
  --line: #e2e6ec; --before: #98a2b3; --after: #0b7a75; --good: #0b7a75; --kept: #b45309;
  --s0: #0b7a75; --s1: #b45309; --s2: #6941c6; --s3: #98a2b3; }
@media (prefers-color-scheme: dark) { :root { --bg: #0f1216; --card: #171b21; --ink: #e8ebf0;
  --soft: #98a2b3; --line: #2a313b; --before: #7d8899; --after: #35c9bf; --good: #35c9bf;
  --kept: #f0a94a; --s0: #35c9bf; --s1: #f0a94a; --s2: #b79cff; --s3: #7d8899; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); line-height: 1.5;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 980px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 30px; letter-spacing: -.02em; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 0 0 14px; letter-spacing: -.01em; }
p { margin: 0 0 12px; } .card > :last-child { margin-bottom: 0; } .soft { color: var(--soft); } .small { font-size: 13px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 24px; margin-top: 20px; }
.verdict { display: flex; gap: 16px; align-items: center; }
.badge { color: #fff; background: var(--good); border-radius: 999px; padding: 5px 16px;
  font-weight: 650; white-space: nowrap; }
.badge.kept { background: var(--kept); }
@media (prefers-color-scheme: dark) { .badge { color: #0f1216; } }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 20px; }
.two .card { margin-top: 20px; } .clips { gap: 16px; }
.figure { font-size: 42px; font-weight: 680; letter-spacing: -.03em; line-height: 1.15;
  font-variant-numeric: tabular-nums; }
.figure .old { color: var(--before); } .figure .arrow { color: var(--soft); font-weight: 400; }
.figure .new { color: var(--after); }
table { border-collapse: collapse; width: 100%; font-size: 14px;
  font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
th { text-align: left; color: var(--soft); font-weight: 550; } th, td { padding: 7px 12px 7px 0;
  border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
td.wrap { white-space: normal; } tr:last-child td { border-bottom: 0; }
tr.total td { font-weight: 650; } td.num, th.num { text-align: right; padding: 7px 0 7px 20px; }
.num + td, .num + th { padding-left: 20px; }
code { font: 12.5px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; word-break: break-all; }
video { width: 100%; border-radius: 10px; background: #000; display: block;
  image-rendering: pixelated; }
figure { margin: 0; } figcaption { margin-top: 8px; font-size: 14px; }
svg { width: 100%; height: auto; display: block; font-size: 13px; fill: var(--ink); }
svg .grid { stroke: var(--line); } svg .tick, svg .label { fill: var(--soft); }
svg .group { font-weight: 650; font-size: 14px; }
svg .middle { text-anchor: middle; } svg .end { text-anchor: end; }
svg .bar { stroke-width: 4; stroke-linecap: round; opacity: .38; }
svg .before .bar { stroke: var(--before); } svg .after .bar { stroke: var(--after); }
svg .before circle { fill: var(--card); stroke: var(--before); stroke-width: 2.5; }
svg .after circle { fill: var(--after); } svg .curve { fill: none; stroke-width: 2; }
svg .s0 { stroke: var(--s0); } svg .s1 { stroke: var(--s1); } svg .s2 { stroke: var(--s2); }
svg .s3 { stroke: var(--s3); } svg .s0.fill { fill: var(--s0); } svg .s1.fill { fill: var(--s1); }
svg .s2.fill { fill: var(--s2); } svg .s3.fill { fill: var(--s3); }
.split { display: flex; height: 12px; border-radius: 6px; overflow: hidden; margin: 6px 0 10px;
  background: var(--line); }
.split .policy { background: var(--before); } .split .helper { background: var(--after); }
.key { display: inline-block; width: 10px; height: 10px; border-radius: 5px; margin-right: 6px; }
)css";

}  // namespace gyre::flywheel
