// A text as a square code that a phone reads.

import { encode } from "uqr";
import { svg } from "./dom.ts";

/** The drawing of a text; `label` says to whoever does not see it what it is. */
export function qr(text: string, label: string): SVGElement {
  const { size, data } = encode(text, { ecc: "M", border: 3 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  const white = svg("rect", { width: size, height: size, fill: "#fff" });
  const attributes = { viewBox: `0 0 ${size} ${size}`, class: "qr", role: "img", "aria-label": label };
  return svg("svg", { ...attributes, "shape-rendering": "crispEdges" }, white, svg("path", { d: path, fill: "#000" }));
}
