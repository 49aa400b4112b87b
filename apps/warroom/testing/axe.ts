import axeCore from 'axe-core'
import type { Page } from 'playwright-core'

/** Lists the accessibility violations of the page in its current state. */
export async function listViolations(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  // The page's content security policy allows no script tag.
  await session.send('Runtime.evaluate', { expression: axeCore.source })
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
    const { violations } = await axe.run()
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html }) => html)
          .join(' ')
          .slice(0, 300)}`,
    )
  })
}

interface Violation {
  id: string
  nodes: { html: string }[]
}
