/** The palette is no part of the first view. */
export const loadPalette = () => import('./palette.tsx')
