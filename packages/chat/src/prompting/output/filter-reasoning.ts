import { type FilterContext, type FilteredAnswer, filterAnswer, withoutToken } from './filter-answer.ts'
import { HitCounter } from './hits.ts'
import { LinkDisplay } from './links.ts'
import { addressesIn } from './prose.ts'

/**
 * A model's reasoning as it may be shown: the page draws it as plain text, so no character is written as a reference, and Markdown and HTML
 * stay as they are. Addresses of the incident are defanged, and an address that holds a secret is left out. The hits are those of an answer.
 */
export function filterReasoning(text: string, context: FilterContext): FilteredAnswer {
  const { hits } = filterAnswer(text, context)
  const source = withoutToken(text, context.mark, new HitCounter())
  const addresses = addressesIn(source)
  const links = new LinkDisplay(context)
  links.learn(addresses.map(({ start, end }) => source.slice(start, end)))
  let out = ''
  let end = 0
  for (const found of addresses) {
    const address = source.slice(found.start, found.end)
    const shown = links.show(address)
    out += source.slice(end, found.start) + (shown.kind === 'plain' ? address : shown.text)
    end = found.end
  }
  return { text: out + source.slice(end), hits }
}
