import type { Language } from '../../i18n/language.ts'
import { useSettings } from '../../state/page/settings.ts'

const toLocale = (language: Language): string => (language === 'zh' ? 'zh-CN' : 'en-GB')

export function createFormats(language: Language) {
  const locale = toLocale(language)
  const createNumberFormat = (options: Intl.NumberFormatOptions) => {
    const format = new Intl.NumberFormat(locale, options)
    return (value: number) => format.format(value)
  }
  const formatDecimal = createNumberFormat({ maximumFractionDigits: 2 })
  const formatAmount = createNumberFormat({ minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const timeFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const secondsUnit = language === 'zh' ? ' 秒' : ' s'
  return {
    formatCount: createNumberFormat({ maximumFractionDigits: 0 }),
    formatCompact: createNumberFormat({ notation: 'compact', maximumSignificantDigits: 3 }),
    formatShare: createNumberFormat({ style: 'percent', maximumFractionDigits: 0 }),
    /** Formats milliseconds as seconds. */
    formatSeconds: (ms: number) => `${formatDecimal(ms / 1_000)}${secondsUnit}`,
    /** Formats an amount in millionths of a currency. The server does not name the currency. */
    formatCost: (micros: number) => formatAmount(micros / 1_000_000),
    formatDay: (iso: string) => dayFormat.format(Date.parse(iso)),
    formatTime: (iso: string) => timeFormat.format(Date.parse(iso)),
  }
}

export type Formats = ReturnType<typeof createFormats>

export function useFormats(): Formats {
  // All settings are read, because a change of the time zone must also render the component again.
  const { language } = useSettings()
  return createFormats(language)
}
