import { type FilterContext, type FilteredText, filterAnswer, replaceFenceMarker } from './filter-answer.ts'
import { FindingCounter } from './finding-counter.ts'
import { LinkDisplay } from './links.ts'
import { listPlainAddresses } from './prose.ts'

/**
 * Filters a model's reasoning. The web page draws it as plain text, so Markdown and HTML stay as they are, and no
 * character becomes a character reference such as `&lt;`. Addresses of the incident are defanged, and an address that
 * holds a secret is left out. The findings are those of an answer with the same text.
 */
export function filterReasoning(text: string, context: FilterContext): FilteredText {
  const { findings } = filterAnswer(text, context)
  // `filterAnswer` has counted a repeated marker already.
  const source = replaceFenceMarker(text, context.fenceMarker, new FindingCounter())
  const linkDisplay = new LinkDisplay(context)
  linkDisplay.searchHosts(listPlainAddresses(source).map(({ start, end }) => source.slice(start, end)))
  let out = ''
  let copiedTo = 0
  for (const { start, end, displayed } of linkDisplay.listDisplayedAddresses(source)) {
    out += source.slice(copiedTo, start) + displayed.text
    copiedTo = end
  }
  return { text: out + source.slice(copiedTo), findings }
}
