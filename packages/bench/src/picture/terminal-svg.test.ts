import { expect, test } from "vitest";
import { terminalSvg } from "./terminal-svg.ts";

test("colours, weight and markup of the output, and nothing else", () => {
  expect(terminalSvg("a \u001b[32m+ <b>\u001b[39m\n\u001b[1m\u001b[4mHead\u001b[24m\u001b[22m\n"))
    .toMatchInlineSnapshot(`
    "<svg xmlns="http://www.w3.org/2000/svg" width="91" height="72" viewBox="0 0 91 72" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13">
    <rect width="100%" height="100%" rx="8" fill="#1b1f27"/>
    <text x="18" y="31" xml:space="preserve"><tspan fill="#d5dae3">a </tspan><tspan fill="#8ec07c">+ &lt;b&gt;</tspan></text>
    <text x="18" y="49" xml:space="preserve"><tspan fill="#d5dae3" font-weight="bold" text-decoration="underline">Head</tspan></text>
    </svg>
    "
  `);
});
