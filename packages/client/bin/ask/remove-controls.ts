/** Removes control characters, which a terminal would obey; line ends and tabs stay. */
export function removeControls(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '')
}
