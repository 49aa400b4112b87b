import axeCore from 'axe-core'
import type { Page } from 'playwright-core'

/** What keeps somebody out of the page as it stands; nothing is what it should find. */
export async function axe(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: axeCore.source }) // the page's policy lets no script tag in
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
