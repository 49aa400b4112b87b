import { buildPage } from './build-page.ts'

const { built, ms } = await buildPage()
console.log(built ? `The page was built in ${ms} ms.` : 'The page is up to date.')
