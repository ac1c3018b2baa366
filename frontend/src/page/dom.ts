// Elements made by code: data become text nodes and attributes, never markup.

export type Child = Node | string | number | null | false | undefined;
type Value = string | number | boolean | null | undefined | ((event: Event) => void);
type Attributes = { readonly [name: string]: Value };

/**
 * An element. An attribute that is a function listens to the event of its name; `true` is an attribute without a
 * value.
 */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

/** Adds children to an element; what is nothing is left out. */
export function append(to: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === false || child === undefined) continue;
    to.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Puts new children in the place of all that an element holds. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

const SVG = "http://www.w3.org/2000/svg";

/** An element of a drawing. */
export function svg(
  tag: string,
  attributes: { readonly [name: string]: string | number },
  ...children: Node[]
): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A key, as a drawing. */
export function keyIcon(): SVGElement {
  const circle = svg("circle", { cx: 8, cy: 12, r: 4 });
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, circle, svg("path", { d: "M12 12h10M18 12v4" }));
}

/** Lets the browser paint and answer before the next long piece of work. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Moves the focus to a heading or message, so that it is read out and the keyboard goes on from there. */
export function focus(element: HTMLElement): void {
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus();
}
