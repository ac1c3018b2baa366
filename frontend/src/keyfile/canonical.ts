// Canonical JSON (RFC 8785) of texts, whole numbers, truth values, null, and lists and objects of them: the same data
// give the same bytes as they do on the server, so that a signature speaks of the data.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The canonical text of a value. Throws where a number is not whole or a text is none of Unicode. */
export function canonical(value: Json): string {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error("a number that is not whole");
  if (typeof value === "string") return text(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  // The default order of JavaScript is that of UTF-16, which RFC 8785 asks for.
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${text(key)}:${canonical(value[key] as Json)}`).join(",")}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function text(value: string): string {
  if (!isText(value)) throw new Error("a text that is none of Unicode");
  return JSON.stringify(value);
}

/** Whether every character of a text can be written in UTF-8: no half of a pair stands alone. */
export function isText(value: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(value);
}
