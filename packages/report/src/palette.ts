import type { Tone } from "./document.ts";

/** How tones look. */
export interface Palette {
  readonly heading: (text: string) => string;
  readonly tones: Readonly<Record<Tone, (text: string) => string>>;
}

const same = (text: string): string => text;

/** No colour at all: logs, files, `NO_COLOR`. */
export const plainPalette: Palette = {
  heading: same,
  tones: {
    create: same,
    update: same,
    delete: same,
    replace: same,
    danger: same,
    warning: same,
    strong: same,
    quiet: same,
    name: same,
  },
};

const sgr = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;
const bold = sgr(1, 22);

/** The terminal's own sixteen colours, so that it looks right on light and dark. */
export const ansiPalette: Palette = {
  heading: (text) => bold(sgr(4, 24)(text)),
  tones: {
    create: sgr(32, 39),
    update: sgr(33, 39),
    delete: sgr(31, 39),
    replace: sgr(35, 39),
    danger: (text) => bold(sgr(31, 39)(text)),
    warning: sgr(33, 39),
    strong: bold,
    quiet: sgr(2, 22),
    name: sgr(36, 39),
  },
};
