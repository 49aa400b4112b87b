import type { Language } from '../../i18n/language.ts'
import { useSettings } from '../../state/page/settings.ts'

const toLocale = (language: Language): string => (language === 'zh' ? 'zh-CN' : 'en-GB')

export function createFormats(language: Language) {
  const locale = toLocale(language)
  const number = (options: Intl.NumberFormatOptions) => {
    const format = new Intl.NumberFormat(locale, options)
    return (value: number) => format.format(value)
  }
  const short = number({ maximumFractionDigits: 2 })
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const unit = language === 'zh' ? ' 秒' : ' s'
  return {
    count: number({ maximumFractionDigits: 0 }),
    compact: number({ notation: 'compact', maximumSignificantDigits: 3 }),
    share: number({ style: 'percent', maximumFractionDigits: 0 }),
    seconds: (ms: number) => `${short(ms / 1_000)}${unit}`,
    /** Converts millionths of a currency that the server doesn't name. */
    cost: (micros: number) => number({ minimumFractionDigits: 2, maximumFractionDigits: 2 })(micros / 1e6),
    day: (iso: string) => day.format(Date.parse(iso)),
    time: (iso: string) => time.format(Date.parse(iso)),
  }
}

export type Formats = ReturnType<typeof createFormats>

export function useFormats(): Formats {
  const { language } = useSettings() // A selector would miss a change of the time zone.
  return createFormats(language)
}
