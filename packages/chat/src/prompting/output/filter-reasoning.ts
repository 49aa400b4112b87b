import { type FilterContext, type FilteredAnswer, filterAnswer, removeFenceToken } from './filter-answer.ts'
import { FindingCounter } from './finding-counter.ts'
import { LinkDisplay } from './links.ts'
import { listPlainAddresses } from './prose.ts'

/**
 * Filters a model's reasoning. The page draws it as plain text, so it needs no character references, and Markdown and
 * HTML stay as they are. Addresses of the incident are defanged, an address that holds a secret is left out, and
 * findings are counted as in an answer.
 */
export function filterReasoning(text: string, context: FilterContext): FilteredAnswer {
  const { findings } = filterAnswer(text, context)
  const source = removeFenceToken(text, context.fenceToken, new FindingCounter())
  const links = new LinkDisplay(context)
  links.findHosts(listPlainAddresses(source).map(({ start, end }) => source.slice(start, end)))
  let out = ''
  let end = 0
  for (const { shown, ...found } of links.listDisplayedLinks(source)) {
    const address = source.slice(found.start, found.end)
    out += source.slice(end, found.start) + (shown.kind === 'plain' ? address : shown.text)
    end = found.end
  }
  return { text: out + source.slice(end), findings }
}
