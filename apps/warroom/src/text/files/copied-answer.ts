import { defang, refang, toVisibleText } from '@engineer-chat/markdown'
import type { Indicator, Message } from '@engineer-chat/protocol'
import { isAddressType } from '../indicator-value.ts'

export const COPY_FORMATS = ['markdown', 'text'] as const
export const ADDRESS_FORMS = ['defanged', 'live'] as const

export interface CopyChoice {
  format: (typeof COPY_FORMATS)[number]
  addresses: (typeof ADDRESS_FORMS)[number]
}

/**
 * Matches URLs and IPv4 addresses, such as `https://a.example/x` and `192.0.2.1`. It is used for a message without
 * `indicators`, because a node of an older version sends none.
 */
const ANY_ADDRESS = /(?:https?|ftp|wss?):\/\/[^\s<>"']+|\b\d{1,3}(?:\.\d{1,3}){3}\b/gi

/** Returns the whole answer for the clipboard. All its addresses become defanged, or all become live. */
export function toCopiedAnswer(message: Pick<Message, 'message_content' | 'indicators'>, choice: CopyChoice): string {
  const { content } = message.message_content
  const convert = choice.addresses === 'defanged' ? (address: string) => defang(refang(address)) : refang
  const markdown = message.indicators
    ? replaceAddresses(content, message.indicators, convert)
    : content.replace(ANY_ADDRESS, convert)
  if (choice.format === 'markdown') return markdown
  return toVisibleText(markdown, {
    link: ({ address }, linkText) => (linkText === address ? linkText : `${linkText} (${address})`),
  })
}

/**
 * Converts each address at its place. An address inside another one, such as the host of a URL, is not converted twice.
 */
function replaceAddresses(content: string, indicators: Indicator[], convert: (address: string) => string): string {
  const places = indicators
    .filter(({ type, path }) => path === undefined && isAddressType(type))
    .sort((a, b) => a.start - b.start || b.end - a.end)
  let converted = ''
  let convertedEnd = 0
  for (const place of places) {
    if (place.start < convertedEnd) continue
    converted += content.slice(convertedEnd, place.start) + convert(content.slice(place.start, place.end))
    convertedEnd = place.end
  }
  return converted + content.slice(convertedEnd)
}
