// Files that the browser saves and reads; nothing of them is sent anywhere.

/** Saves a text as a file, and forgets it at once. */
export function save(name: string, text: string, type = "application/json"): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the text after the click; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The text of the file that was chosen, at most so many bytes of it; nothing where there is none or it is larger. */
export async function chosen(input: HTMLInputElement, most: number): Promise<string | null> {
  const file = input.files?.[0];
  if (!file || file.size > most) return null;
  return file.text();
}
