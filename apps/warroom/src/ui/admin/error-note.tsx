import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { ErrorKind } from '../../state/page/error-kinds.ts'

/** Shows why the content of a page for administrators could not be loaded, and offers to load it again. */
export function ErrorNote({ errorKind, reload }: { errorKind: ErrorKind | null; reload(): void }): ReactNode {
  const t = useMessages()
  if (errorKind === null) return null
  return (
    <p className="error-text error-note" role="alert">
      {t.errorText[errorKind].cause} {t.errorText[errorKind].nextStep}{' '}
      <button type="button" onClick={reload}>
        {t.try_again}
      </button>
    </p>
  )
}
