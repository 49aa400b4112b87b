import { Component, type ReactNode } from 'react'

interface Props {
  children: ReactNode
  /** Replaces children that can't be rendered. */
  fallback: ReactNode
}

/** Keeps an error in one message from removing the rest of the page. */
export class ErrorBoundary extends Component<Props, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.fallback : this.props.children
  }
}
