/** The browser reads the URL of a download after the click, so the URL stays valid for this time. */
const DOWNLOAD_URL_LIFETIME_MS = 60_000

/** Saves a file in the reader's downloads. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), DOWNLOAD_URL_LIFETIME_MS)
}
