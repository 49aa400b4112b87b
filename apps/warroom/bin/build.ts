import { buildPage } from './build-page.ts'
import { describeBuildError } from './describe-build-error.ts'

try {
  const { built, ms } = await buildPage()
  console.log(built ? `The page was built in ${ms} ms.` : 'The page is up to date.')
} catch (error) {
  console.error(process.argv.includes('--verbose') ? error : describeBuildError(error))
  process.exitCode = 1
}
