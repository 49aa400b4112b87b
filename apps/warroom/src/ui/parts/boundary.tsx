import { Component, type ReactNode } from 'react'

interface Props {
  children: ReactNode
  /** Shown in the place of what can't be. */
  instead: ReactNode
}

/** One message that can't be drawn takes nothing else with it. */
export class Boundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children
  }
}
