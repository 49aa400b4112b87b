import { Component, type ReactNode } from 'react'

interface Props {
  children: ReactNode
  /** Replaces children that can't be rendered. */
  fallback: ReactNode
}

/** Keeps an error in one part of the page, for example in a message, from removing the rest. */
export class ErrorBoundary extends Component<Props, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.fallback : this.props.children
  }
}
