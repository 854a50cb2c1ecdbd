/** A text as Markdown shows it unchanged. */
export function escapedMarkdown(text: string): string {
  return text.replaceAll(/[*_<>[\]]/g, String.raw`\$&`);
}
