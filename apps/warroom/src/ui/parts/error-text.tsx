import type { ReactNode } from 'react'

/** Shows why something failed. A screen reader announces the text when it appears. An empty text shows nothing. */
export const ErrorText = ({ text }: { text: string }): ReactNode =>
  text !== '' && (
    <p className="error-text" role="alert">
      {text}
    </p>
  )
