import { cite, formatSpan, joinParagraphs, toCode, toCodeList } from '../markdown.ts'
import type { OfflineMessages } from '../messages.ts'
import type { ComposeSection } from '../sections.ts'
import { INDICATOR_KINDS, type IndicatorKind } from './extract-indicators.ts'
import { isInternal, type SeenIndicator } from './seen-indicators.ts'

const MAX_ROWS = 40
const MAX_VALUES = 12

/** A question that names kinds of indicators is answered with these kinds only. */
const ASKED_KIND_PATTERNS: Record<IndicatorKind, RegExp> = {
  ipv4: /\bip(?:v4)?s?\b/i,
  ipv6: /\bip(?:v6)?s?\b/i,
  domain: /domain|域名/i,
  url: /\burls?\b|链接|网址/i,
  email: /mail address|邮箱/i,
  hash: /hash|\bsha-?\d|\bmd5\b|哈希/i,
  path: /\bfiles?\b|\bpaths?\b|registry|文件|路径|注册表/i,
  account: /account|\busers?\b|账号|账户|用户/i,
  host: /\bhosts?\b|machine|server|主机|服务器/i,
  cve: /\bcves?\b|vulnerabilit|漏洞/i,
  attack: /att&ck|mitre/i,
}

/** Lists the indicators by kind: external ones before internal ones, then by the number of sources that name them. */
export const composeIndicators: ComposeSection = ({ context, indicators }, messages) => {
  const askedKinds = INDICATOR_KINDS.filter((kind) => ASKED_KIND_PATTERNS[kind].test(context.question))
  const kinds = askedKinds.length === 0 ? INDICATOR_KINDS : askedKinds
  const listed = kinds.flatMap((kind) => sortIndicators(indicators.filter((indicator) => indicator.kind === kind)))
  if (listed.length === 0) {
    const names = askedKinds.map((kind) => messages.kinds[kind])
    return indicators.length === 0 ? messages.noIndicators : messages.noneOfKind(names.join(messages.comma))
  }
  return joinParagraphs(
    askedKinds.length > 0 && listShort(listed, messages),
    formatTable(listed.slice(0, MAX_ROWS), messages),
    listed.length > MAX_ROWS && messages.moreIndicators(listed.length - MAX_ROWS),
    messages.check,
  )
}

const sortIndicators = (indicators: SeenIndicator[]): SeenIndicator[] =>
  indicators.toSorted((a, b) => Number(isInternal(a)) - Number(isInternal(b)) || b.textIds.length - a.textIds.length)

/** Lists the values in one line: external ones, then internal ones. */
function listShort(indicators: SeenIndicator[], messages: OfflineMessages): string {
  const formatValues = (shown: SeenIndicator[]) =>
    toCodeList(
      shown.map(({ value }) => value),
      MAX_VALUES,
    )
  const internal = indicators.filter(isInternal)
  if (internal.length === 0) return formatValues(indicators)
  const external = indicators.filter((indicator) => !isInternal(indicator))
  return [
    ...(external.length > 0 ? [`**${messages.external}**: ${formatValues(external)}`] : []),
    `**${messages.internal}**: ${formatValues(internal)}`,
  ].join('; ')
}

function formatTable(indicators: SeenIndicator[], messages: OfflineMessages): string {
  const rows = indicators.map((indicator) => {
    const value = `${toCode(indicator.value).replaceAll('|', '\\|')}${isInternal(indicator) ? ` (${messages.internal})` : ''}`
    const others = indicator.otherSourceIds.length === 0 ? '' : `; ${messages.alsoIn}${cite(indicator.otherSourceIds)}`
    const where = `${cite(indicator.textIds).trim()}${others}`
    return `| ${messages.kinds[indicator.kind]} | ${value} | ${indicator.textIds.length} | ${formatSpan(indicator.firstAt, indicator.lastAt)} | ${where} |`
  })
  const { kind, values, sourceCount, seenAt, where } = messages.columns
  return [`| ${kind} | ${values} | ${sourceCount} | ${seenAt} | ${where} |`, '|---|---|---|---|---|', ...rows].join(
    '\n',
  )
}
