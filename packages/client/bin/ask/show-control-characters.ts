/**
 * Replaces control characters, which a terminal would execute, and bidirectional controls, which change the order of
 * the text that is shown, by their code points (`⟨U+001B⟩`). Line feeds and tabs stay.
 */
export const showControlCharacters = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/[[\p{Cc}\p{Bidi_Control}]--[\n\t]]/gv, (control) => `⟨U+${toHex(control.charCodeAt(0))}⟩`)

const toHex = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0')
