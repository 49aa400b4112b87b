/** Identifies the preview for the chips, which are loaded before the file of the preview. */
export const PREVIEW_ID = 'citation-preview'
