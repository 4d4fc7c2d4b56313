import type { Cause, Change, Plan } from "@berth/planner";
import { expect, test } from "vitest";
import { storeEdit } from "../fixtures/store-edit.ts";
import { renderText } from "../text.ts";

const site = (line: number) => ({ file: "store.ts", line, column: 3 });
const urn = (type: string, name: string): string => `urn:berth:dev:shop::${type}::${name}`;

function change(type: string, name: string, more: Partial<Change>): Change {
  const base = { urn: urn(type, name), type, name, action: "replace", certainty: "will" } as const;
  const reason = { kind: "inputs-changed" } as const;
  return { ...base, reason, properties: [], assigned: {}, site: site(30), ...more };
}

function cause(type: string, name: string, more: Partial<Cause> = {}): Cause {
  return { urn: urn(type, name), type, name, action: "replace", certainty: "will", ...more };
}

function told(...changes: readonly Change[]): string {
  const plan: Plan = { ...storeEdit, changes, clusters: [], outputs: [], problems: [] };
  const text = renderText(plan);
  return text.slice(text.indexOf("Resources"), text.indexOf("Monthly cost")).trimEnd();
}

const root = cause("azure:ResourceGroup", "group", {
  path: "location",
  rule: "a resource cannot move to another region",
  site: site(4),
});

test("a chain through five resources is told by its end, and the way there", () => {
  const way = ["subnet", "pool", "cluster"].map((name) => cause("azure:Thing", name));
  const reason = {
    kind: "upstream-replaced",
    upstream: [urn("azure:Thing", "subnet")],
    paths: ["name"],
  } as const;
  expect(
    told(
      change("kubernetes:Deployment", "web", { reason, causes: [...way, root], replacement: "delete-first" }),
      change("azure:Long", "long", {
        reason,
        causes: [way[0]!, { ...root, skipped: 93 }],
        replacement: "create-first",
      }),
    ),
  ).toMatchInlineSnapshot(`
    "Resources
      ± kubernetes:Deployment web  store.ts:30:3
          because azure:ResourceGroup group is replaced (location: a resource cannot move to another
            region, store.ts:4:3), through cluster, pool, subnet
          the old one is deleted before the new one is created
      ± azure:Long long  store.ts:30:3
          because azure:ResourceGroup group is replaced (location: a resource cannot move to another
            region, store.ts:4:3), through 93 more, subnet
          the new one is created before the old one is deleted"
  `);
});

test("what else asks for a replacement, and what becomes of the old", () => {
  expect(
    told(
      change("a:B", "trigger", {
        reason: { kind: "replacement-trigger" },
        retained: true,
        replacement: "create-first",
      }),
      change("a:B", "asked", {
        reason: { kind: "requested" },
        deletedWith: urn("a:C", "home/it"),
        replacement: "delete-first",
      }),
      change("a:B", "left", { action: "delete", reason: { kind: "superseded", id: "things/left-1" } }),
      change("a:B", "plain", { action: "delete", reason: { kind: "not-declared" } }),
      change("a:B", "kept", { action: "forget", reason: { kind: "not-declared" }, retained: true }),
      change("a:B", "new", {
        action: "move",
        reason: { kind: "moved", from: urn("a:B", "shop/old"), by: "content" },
        movedFrom: urn("a:B", "shop/old"),
      }),
      change("a:B", "updated", {
        action: "update",
        certainty: "may",
        because: ["up.id"],
        causes: [cause("a:B", "up", { action: "update", path: "x" })],
      }),
    ),
  ).toMatchInlineSnapshot(`
    "Resources
      ± a:B trigger  store.ts:30:3
          because its replacementTrigger is another one
          the new one is created beside the old one
          the old one stays where it is, and berth forgets it (retainOnDelete)
      ± a:B asked  store.ts:30:3
          because --replace asks for it
          the old one is deleted before the new one is created
          the old one goes with a:C home/it
      - a:B left  store.ts:30:3
          because what took its place exists: things/left-1 is left over from an earlier operation
      - a:B × 1  plain
      x a:B kept  store.ts:30:3
          it stays where it is, and berth forgets it (retainOnDelete)
      » a:B new  store.ts:30:3
          recorded as shop/old until now, as the same physical thing
      ~ a:B updated (may: depends on up.id)  store.ts:30:3"
  `);
});
