/**
 * What a reader can't see and a model can: tags, zero widths, bidi controls, variation selectors, fillers, and control characters
 * but for tab and line feed.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u{FFF9}-\u{FFFB}\u{2800}]|(?![\t\n])\p{Cc}/gu

/** CR and the like become line feeds. */
export const toLineFeeds = (text: string): string => text.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')

/** For comparing texts, and for telling whether anything can be seen of one. */
export const removeInvisible = (text: string): string => toLineFeeds(text).replace(INVISIBLE, '')
