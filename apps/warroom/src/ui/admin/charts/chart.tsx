import { type ReactNode, useId } from 'react'
import { useAdminMessages } from '../../../i18n/admin-messages.ts'
import { Plot, type PlotProps } from './plot.tsx'
import { Swatch } from './swatch.tsx'

interface Props extends Omit<PlotProps, 'label' | 'missingText'> {
  title: string
  /** Explains what the values of the chart mean. */
  definition: string
}

/** Shows a plot with its definition, its legend, and the same numbers as a table. */
export function Chart({ title, definition, ...plot }: Props): ReactNode {
  const t = useAdminMessages()
  const headingId = useId()
  const { kind, series, days, format } = plot
  const formatValue = (value: number | null | undefined) => (value == null ? t.none : format(value))
  const isEmpty = series.every(({ values }) => values.every((value) => !value))
  return (
    <figure className="chart" aria-labelledby={headingId}>
      <figcaption>
        <h2 id={headingId}>{title}</h2>
        <p className="quiet definition">{definition}</p>
      </figcaption>
      {isEmpty ? (
        <p className="quiet nothing">{t.nothing_in_range}</p>
      ) : (
        <>
          <ul className="legend">
            {series.map(({ key, label, tone }) => (
              <li key={key}>
                <Swatch tone={tone} kind={kind} /> {label}
              </li>
            ))}
          </ul>
          <Plot {...plot} missingText={t.none} label={t.day_slider_label(title)} />
          <details className="figures">
            <summary>{t.as_table}</summary>
            <div className="table" tabIndex={0}>
              <table aria-labelledby={headingId}>
                <thead>
                  <tr>
                    <th scope="col">{t.day}</th>
                    {series.map(({ key, label }) => (
                      <th key={key} scope="col">
                        {label}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {days.map((day, index) => (
                    <tr key={day}>
                      <th scope="row">{day}</th>
                      {series.map(({ key, values }) => (
                        <td key={key}>{formatValue(values[index])}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </>
      )}
    </figure>
  )
}
