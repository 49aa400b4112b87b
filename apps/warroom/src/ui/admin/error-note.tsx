import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { ErrorKind } from '../../state/page/problems.ts'

/** Shows why a page has nothing to show, and offers another try. */
export function ErrorNote({ trouble, reload }: { trouble: ErrorKind | null; reload(): void }): ReactNode {
  const t = useMessages()
  if (trouble === null) return null
  return (
    <p className="problem trouble" role="alert">
      {t.trouble[trouble].what} {t.trouble[trouble].next}{' '}
      <button type="button" onClick={reload}>
        {t.try_again}
      </button>
    </p>
  )
}
