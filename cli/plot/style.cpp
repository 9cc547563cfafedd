#include "cli/plot/style.hpp"

namespace cli::plot {

const std::string_view chart_style = R"css(
text{font:13px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#1c2128}
.name{font-size:18px;font-weight:600}
.scale,.label{fill:#57606a}
.end{text-anchor:end}
.middle{text-anchor:middle}
.alarm{fill:#7a4f00}
.ground{fill:#ffffff}
.rule{stroke:#d8dee4}
.grid{stroke:#e6eaee}
.axis{stroke:#8c959f}
.day{fill:#2563b8}
.before{fill:#b4cff2}
.estimated{fill:#8fb4e6;stroke:#2563b8;stroke-dasharray:2 2}
.over{fill:#c02330}
.band{fill:#e0a100;fill-opacity:.28}
.likely{stroke:#9a6700;stroke-width:2}
.pace{stroke:#57606a;stroke-width:1.5;stroke-dasharray:5 4}
.limit{stroke:#c02330;stroke-width:2}
.limit-name{fill:#b01c29;font-weight:600;stroke:#ffffff;stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
path{fill:none}
@media (prefers-color-scheme:dark){
text{fill:#e6eaef}
.scale,.label{fill:#a3adb8}
.alarm{fill:#e8bd5a}
.ground{fill:#171c22}
.rule{stroke:#2f3842}
.grid{stroke:#262e37}
.axis{stroke:#6b7682}
.day{fill:#6aa9f4}
.before{fill:#2c4f7c}
.estimated{fill:#3b6496;stroke:#6aa9f4}
.over{fill:#f4665c}
.band{fill:#e0a100;fill-opacity:.3}
.likely{stroke:#e3b341}
.pace{stroke:#a3adb8}
.limit{stroke:#f4665c}
.limit-name{fill:#ff8b82;stroke:#171c22}
}
)css";

const std::string_view document_style = R"css(
:root{max-width:100%;height:auto;background:#ffffff}
@media (pointer:coarse){
:root{width:100%}
}
@media (prefers-color-scheme:dark){
:root{background:#171c22}
}
)css";

const std::string_view page_style = R"css(
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;overflow-wrap:anywhere;background:#f3f5f7;color:#1c2128;font:16px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main,header,footer{max-width:1120px;margin:0 auto;padding:0 16px}
header{padding-top:24px}
h1,h2{line-height:1.25;margin:0}
h1{font-size:28px}
h2{font-size:20px}
p{margin:0}
.quiet,footer,caption,th,.days td:last-child{color:#57606a}
nav ul{list-style:none;margin:16px 0 0;padding:0;display:flex;flex-wrap:wrap;gap:8px}
nav a{display:block;max-width:100%;padding:4px 12px;border:1px solid #c9d1d9;border-radius:16px;background:#ffffff;color:#1c2128;text-decoration:none}
nav li{max-width:100%}
section{margin:16px 0;padding:16px;background:#ffffff;border:1px solid #d8dee4;border-radius:12px}
.both{display:grid;gap:16px;margin-top:12px}
figure{margin:0;min-width:0}
svg{display:block;width:100%;height:auto}
svg.wide{display:none}
.alarms{list-style:none;margin:12px 0 0;padding:0}
.alarms li{margin-top:8px;padding:8px 12px;background:#fff6dc;border-left:4px solid #b07d00;border-radius:4px}
table{border-collapse:collapse;width:100%}
caption{text-align:left;padding:0 0 4px}
td{text-wrap:balance}
th,td{padding:6px 0;border-top:1px solid #e6eaee;text-align:left;vertical-align:top}
th{font-weight:400;padding-right:16px}
.figures th{width:5.5em}
.days td{text-align:right;padding-left:12px;font-variant-numeric:tabular-nums}
.days thead th{text-align:right;padding-right:0;padding-left:12px}
.days thead th:first-child{text-align:left;padding-left:0}
.days tbody th{white-space:nowrap}
details{margin-top:12px}
summary{cursor:pointer;color:#0b57ad}
a:focus-visible,summary:focus-visible{outline:2px solid #0b57ad;outline-offset:2px}
footer{padding-bottom:24px;font-size:14px}
@media (min-width:560px){
svg.wide{display:block}
svg.narrow{display:none}
section{padding:20px 24px}
}
@media (min-width:960px){
.both{grid-template-columns:minmax(0,640px) minmax(0,1fr);gap:32px}
}
@media (prefers-color-scheme:dark){
body{background:#0f1317;color:#e6eaef}
.quiet,footer,caption,th,.days td:last-child{color:#a3adb8}
nav a{background:#171c22;border-color:#3a444f;color:#e6eaef}
section{background:#171c22;border-color:#2f3842}
.alarms li{background:#2c2510;border-color:#e3b341}
th,td{border-color:#262e37}
summary{color:#7fb6f7}
a:focus-visible,summary:focus-visible{outline-color:#7fb6f7}
}
@media print{
body,section{background:#ffffff}
section{break-inside:avoid}
}
)css";

}  // namespace cli::plot
