import { Component, type ReactNode } from 'react'

interface Props {
  children: ReactNode
  /** Is shown in the place of what can't be rendered. */
  instead: ReactNode
}

/** Keeps an error in one message from removing the rest of the page. */
export class Boundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children
  }
}
