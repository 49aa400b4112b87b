const SHOWN_CHARACTERS = 8

/**
 * Shortens an id to its end, which is random. The beginning of an id of this product (UUIDv7) is a time, which all ids of
 * the same minute share.
 */
export const toShortId = (id: string): string => id.slice(-SHOWN_CHARACTERS)
