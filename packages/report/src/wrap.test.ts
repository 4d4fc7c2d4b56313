import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { span, type Spans, type Table, type Tone } from "./document.ts";
import { plainPalette } from "./palette.ts";
import { renderTable } from "./text-table.ts";
import { widthOf, wrap } from "./wrap.ts";

const text = (spans: Spans): string => spans.map((each) => each.text).join("");
const lines = (spans: Spans, width: number, hanging = 2): readonly string[] =>
  wrap(spans, width, hanging).map(text);

describe("lines", () => {
  test("are broken between words, and continued further in", () => {
    expect(
      lines([span("! big#1  no node: "), span("0/3 nodes are available: 3 Insufficient cpu.")], 40),
    ).toEqual(["! big#1  no node: 0/3 nodes are", "  available: 3 Insufficient cpu."]);
  });

  test("are broken where two spaces stand rather than in what belongs together", () => {
    const use = "cpu ███░░░░░░░ 534m/1.9  memory ██░░░░░░░░ 625Mi/5.5Gi  pods 11  limiting: cpu";
    expect(lines([span(use)], 60)).toEqual([
      "cpu ███░░░░░░░ 534m/1.9  memory ██░░░░░░░░ 625Mi/5.5Gi",
      "  pods 11  limiting: cpu",
    ]);
  });

  test("that begin further in are continued further in", () => {
    expect(lines([span("  10 system pods: azure-cns, azure-ip-masq-agent")], 30)).toEqual([
      "  10 system pods: azure-cns,",
      "    azure-ip-masq-agent",
    ]);
  });

  test("a word in several tones is one word", () => {
    expect(lines([span("aaaa bb"), span("cc", "name"), span(","), span(" d")], 9)).toEqual([
      "aaaa",
      "  bbcc, d",
    ]);
  });

  test("a word that is too long stands alone, whole", () => {
    expect(lines([span("see https://example.com/a/long/path for more")], 20)).toEqual([
      "see",
      "  https://example.com/a/long/path",
      "  for more",
    ]);
  });
});

const tones: readonly (Tone | undefined)[] = [undefined, "name", "quiet", "danger"];
const anySpans = fc
  .array(fc.record({ text: fc.stringMatching(/^[a-z█→ ]{0,12}$/), tone: fc.constantFrom(...tones) }), {
    maxLength: 12,
  })
  .map((spans) => spans.map((each) => span(each.text, each.tone)));

test("no word is lost or torn, no tone changes, and only words that are longer than a line stand out", () => {
  fc.assert(
    fc.property(anySpans, fc.integer({ min: 10, max: 60 }), (spans, width) => {
      const wrapped = wrap(spans, width, 2);
      const words = (all: readonly Spans[]): readonly string[] =>
        all.map(text).join(" ").split(/ +/).filter(Boolean);
      expect(words(wrapped)).toEqual(words([spans]));
      const toned = (all: readonly Spans[]): readonly string[] =>
        all.flatMap((line) =>
          line.flatMap((each) => [...each.text.replaceAll(" ", "")].map((letter) => `${letter}${each.tone}`)),
        );
      expect(toned(wrapped)).toEqual(toned([spans]));
      for (const line of wrapped.slice(1)) {
        if (widthOf(line) > width) expect(text(line).trim()).not.toContain(" ");
      }
    }),
  );
});

describe("tables", () => {
  const table: Table = {
    kind: "table",
    columns: [
      { title: "Service", align: "left" },
      { title: "Endpoints", align: "left" },
      { title: "Cost", align: "right" },
    ],
    rows: [
      [
        [span("default/store-front")],
        [span("0 → 3 +store-front#1 +store-front#2 +store-front#3")],
        [span("$1.00")],
      ],
      [[span("default/web")], [span("1")], [span("$12.00")]],
    ],
  };
  const rendered = (width: number): string => `\n${renderTable(table, plainPalette, width)}\n`;

  test("that fit are as wide as they are", () => {
    expect(rendered(100)).toMatchInlineSnapshot(`
      "
        Service              Endpoints                                             Cost
        default/store-front  0 → 3 +store-front#1 +store-front#2 +store-front#3   $1.00
        default/web          1                                                   $12.00
      "
    `);
  });

  test("that do not fit wrap the text in their widest columns", () => {
    expect(rendered(60)).toMatchInlineSnapshot(`
      "
        Service              Endpoints                        Cost
        default/store-front  0 → 3 +store-front#1            $1.00
                             +store-front#2 +store-front#3
        default/web          1                              $12.00
      "
    `);
  });

  test("that still do not fit go on below", () => {
    expect(rendered(40)).toMatchInlineSnapshot(`
      "
        Service              Endpoints
        default/store-front  0 → 3
                             +store-front#1
                             +store-front#2
                             +store-front#3
        default/web          1

        Service                Cost
        default/store-front   $1.00
        default/web          $12.00
      "
    `);
  });
});
