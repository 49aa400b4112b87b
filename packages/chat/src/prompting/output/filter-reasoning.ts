import { type FilterContext, type FilteredText, filterAnswer, replaceFenceMarker } from './filter-answer.ts'
import { FindingCounter } from './finding-counter.ts'
import { LinkDisplay } from './links.ts'
import { listPlainAddresses } from './prose.ts'

/**
 * Filters a model's reasoning. The web page draws it as plain text, so Markdown and HTML stay as they are, and no
 * character becomes a reference such as `&lt;`. Addresses of the incident are defanged, an address that holds a secret
 * is left out, and findings are counted as in an answer.
 */
export function filterReasoning(text: string, context: FilterContext): FilteredText {
  const { findings } = filterAnswer(text, context)
  const source = replaceFenceMarker(text, context.fenceMarker, new FindingCounter())
  const links = new LinkDisplay(context)
  links.searchHosts(listPlainAddresses(source).map(({ start, end }) => source.slice(start, end)))
  let out = ''
  let copiedTo = 0
  for (const { start, end, link } of links.listDisplayedLinks(source)) {
    out += source.slice(copiedTo, start) + link.text
    copiedTo = end
  }
  return { text: out + source.slice(copiedTo), findings }
}
