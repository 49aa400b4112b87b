/** A model's words may hold what a terminal obeys: only line ends and tabs are let through. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '')
}
