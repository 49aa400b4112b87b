/** The analyst quotes at most this many bytes of UTF-8 of one text or one indicator. */
export const MAX_VALUE_BYTES = 2 * 1024
/** An answer has at most this many bytes of UTF-8. Sockets still get a message of this size whole. */
export const MAX_ANSWER_BYTES = 48 * 1024
/** The analyst reads at most this many characters of a record, so that no room blocks a worker. */
export const MAX_READ_CHARACTERS = 512 * 1024
/** A citation names at most this many sources, and then the number of the others. */
export const MAX_CITED = 5
