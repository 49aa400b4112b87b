import { stripVTControlCharacters } from 'node:util'
import { buildPage } from './build-page.ts'

try {
  const { built, ms } = await buildPage()
  console.log(built ? `The page was built in ${ms} ms.` : 'The page is up to date.')
} catch (error) {
  // Vite draws the line of source and its own stack; the cause stands in the first line.
  const [cause = 'unknown'] = stripVTControlCharacters(String(error)).split('\n')
  console.error(process.argv.includes('--verbose') ? error : `The page can't be built: ${cause}`)
  process.exitCode = 1
}
