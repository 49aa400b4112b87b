export const PREVIEW_ID = 'citation-preview'
