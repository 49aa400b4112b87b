import axeCore from 'axe-core'
import type { Page } from 'playwright-core'

const MAX_HTML_CHARACTERS = 300

/** Lists the accessibility violations of the page in its current state. */
export async function listViolations(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  // The content security policy refuses a script tag, so the DevTools protocol loads axe into the page.
  await session.send('Runtime.evaluate', { expression: axeCore.source })
  return page.evaluate(async (maxCharacters) => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
    const { violations } = await axe.run()
    return violations.map(({ id, nodes }) => {
      const html = nodes.map((node) => node.html).join(' ')
      return `${id}: ${html.slice(0, maxCharacters)}`
    })
  }, MAX_HTML_CHARACTERS)
}

interface Violation {
  id: string
  nodes: { html: string }[]
}
