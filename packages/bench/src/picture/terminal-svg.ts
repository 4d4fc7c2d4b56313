/** Colours of the picture: a calm dark terminal, readable on GitHub's light and dark pages. */
const background = "#1b1f27";
const foreground = "#d5dae3";
const colours: Readonly<Record<string, string>> = {
  "31": "#f2777a",
  "32": "#8ec07c",
  "33": "#e5c07b",
  "35": "#d3869b",
  "36": "#7fc1ca",
};

const lineHeight = 18;
const columnWidth = 7.8;
const margin = 18;

interface Look {
  readonly colour: string;
  readonly bold: boolean;
  readonly quiet: boolean;
  readonly underlined: boolean;
}

const plain: Look = { colour: foreground, bold: false, quiet: false, underlined: false };

/**
 * A terminal's output, with its ANSI colours, as an SVG: text that can be selected and searched, no
 * font or script from elsewhere, the same bytes for the same output.
 */
export function terminalSvg(output: string): string {
  const lines = output.replace(/\n+$/, "").split("\n").map(styledParts);
  const columns = Math.max(...lines.map((parts) => parts.reduce((sum, [text]) => sum + [...text].length, 0)));
  const width = Math.ceil(columns * columnWidth + 2 * margin);
  const height = lines.length * lineHeight + 2 * margin;
  const rows = lines.map((parts, row) => {
    const spans = parts.map(([text, look]) => `<tspan${attributes(look)}>${escaped(text)}</tspan>`).join("");
    return `<text x="${margin}" y="${margin + (row + 1) * lineHeight - 5}" xml:space="preserve">${spans}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13">
<rect width="100%" height="100%" rx="8" fill="${background}"/>
${rows.join("\n")}
</svg>
`;
}

function styledParts(line: string): (readonly [text: string, look: Look])[] {
  let look = plain;
  const parts: (readonly [string, Look])[] = [];
  // oxlint-disable-next-line no-control-regex
  for (const part of line.split(/(\u001b\[\d+m)/)) {
    // oxlint-disable-next-line no-control-regex
    const [, code] = /^\u001b\[(\d+)m$/.exec(part) ?? [];
    if (code !== undefined) look = after(look, code);
    else if (part !== "") parts.push([part, look]);
  }
  return parts;
}

function after(look: Look, code: string): Look {
  switch (code) {
    case "1":
      return { ...look, bold: true };
    case "2":
      return { ...look, quiet: true };
    case "4":
      return { ...look, underlined: true };
    case "22":
      return { ...look, bold: false, quiet: false };
    case "24":
      return { ...look, underlined: false };
    case "39":
      return { ...look, colour: foreground };
    default:
      return { ...look, colour: colours[code] ?? look.colour };
  }
}

function attributes({ colour, bold, quiet, underlined }: Look): string {
  return [
    ` fill="${colour}"`,
    bold ? ' font-weight="bold"' : "",
    quiet ? ' opacity="0.65"' : "",
    underlined ? ' text-decoration="underline"' : "",
  ].join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
