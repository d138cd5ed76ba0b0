/** Text in which HTML and XML see no markup. In attributes, quotes are left to escape. */
export function withEntities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
