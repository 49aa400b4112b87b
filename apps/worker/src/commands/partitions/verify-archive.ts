import { verifyArchive } from '@engineer-chat/adapters/archive'

/** Prints a line for each month. Returns false if there is no archive or a file does not match its manifest. */
export async function printAndVerifyArchive(folder: string | undefined): Promise<boolean> {
  if (folder === undefined) {
    console.error('ARCHIVE_DIR is not set: there is no archive.')
    return false
  }
  let isIntact = true
  for await (const { manifest, rows, problem } of verifyArchive(folder)) {
    isIntact &&= problem === undefined
    console.log(`${manifest}: ${problem ?? `${rows} rows, the hash is right`}`)
  }
  return isIntact
}
