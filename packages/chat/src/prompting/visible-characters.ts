/**
 * Matches characters that a model reads and a person cannot see: tag characters, zero-width characters, bidirectional
 * controls, variation selectors, filler letters, and control characters except tab and line feed.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u{FFF9}-\u{FFFB}\u{2800}]|(?![\t\n])\p{Cc}/gu

/** Turns CR and similar line ends into line feeds. */
export const toLineFeeds = (text: string): string => text.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')

/**
 * Removes invisible characters, to compare texts and to find out whether anything in a text is visible. Line ends
 * become line feeds, because a removed CR would join two lines.
 */
export const removeInvisible = (text: string): string => toLineFeeds(text).replace(INVISIBLE, '')
