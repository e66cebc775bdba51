/** Ten marks that tell segments apart without colour: SVG paths in a box of 10 x 10. */
export const SYMBOLS = [
  "M5 0A5 5 0 1 1 5 10A5 5 0 1 1 5 0Z",
  "M0.5 0.5H9.5V9.5H0.5Z",
  "M5 0L10 9.5H0Z",
  "M5 0L10 5L5 10L0 5Z",
  "M3.5 0H6.5V3.5H10V6.5H6.5V10H3.5V6.5H0V3.5H3.5Z",
  "M0 0.5H10L5 10Z",
  "M5 0L6.5 3.4L10 3.8L7.4 6.2L8.1 10L5 8.1L1.9 10L2.6 6.2L0 3.8L3.5 3.4Z",
  "M2 0L5 3L8 0L10 2L7 5L10 8L8 10L5 7L2 10L0 8L3 5L0 2Z",
  "M2.5 0.5H7.5L10 5L7.5 9.5H2.5L0 5Z",
  "M0 3.5H10V6.5H0Z",
] as const;

export const symbol = (index: number): string => SYMBOLS[index % SYMBOLS.length] as string;
