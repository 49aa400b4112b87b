/**
 * Shows each control character, which a terminal would obey, and each control of direction, which deceives the reader,
 * as a mark with its code point (`⟨U+001B⟩`). Line feeds and tabs stay.
 */
export const markControls = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/[[\p{Cc}\p{Bidi_Control}]--[\n\t]]/gv, (found) => `⟨U+${toHex(found.charCodeAt(0))}⟩`)

const toHex = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0')
