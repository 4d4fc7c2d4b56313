import type { Plan } from "@berth/planner";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storeEdit } from "./fixtures/store-edit.ts";
import { ansiPalette, inert, inertMarkdown, renderMarkdown, renderText } from "./index.ts";

describe("text", () => {
  test("says whether it is safe, what changes, where pods go, how they are wired, what it costs", () => {
    expect(renderText(storeEdit)).toMatchInlineSnapshot(`
      "shop/dev: 1 to create, 1 to replace, 1 to update, 1 to delete, 9 unchanged · pods: 2 new, 1 moved, 1
        gone, 3 staying, 1 pod without a node · +$140.16 a month ($420.48)

      Warnings
        warning BERTH3102 store.ts:42:7 kubernetes:Service web/web spec.ports[0].targetPort: target port
          8081 is declared by no container
            declare it under ports, or silence BERTH3102 on the service

      Resources
        ± azure:Subnet nodes (may: depends on network.id)  store.ts:12:16
            ~ addressPrefix: "10.0.0.0/24" → (string known after network.prefix) (may change)
              forces replacement: a subnet in use keeps its prefix
        - kubernetes:ConfigMap × 1  old
        ~ kubernetes:Deployment web/web  store.ts:42:7
            ~ spec.replicas: 1 → 3
            + spec.template.spec.containers[name=web].env[name=KEY].value: [secret]
        + kubernetes:Service × 1  web

      Placement in store
        Kubernetes 1.36, AKS scheduler defaults, observed live
          aks-user-1-vmss000000  Standard_D4s_v5  westeurope-1
            cpu ███████░░░ 2.5/3.86  memory ██░░░░░░░░ 2Gi/14Gi  pods 5 → 6  limiting: cpu
              web-x-1  stays
            + web#1  best of 4 nodes: 663 against 586  tied with user#2
              1 system pod: kube-proxy
        ! big#1  no node: 0/1 nodes are available: 1 Insufficient cpu. → fits with 1 more node of pool
          user (+$167.90 a month)
            aks-user-1-vmss000000: Insufficient cpu (NodeResourcesFit)

      Services
        Service        Type                  Cluster IP  Ports          Endpoints
        ~ default/web  LoadBalancer pending  10.0.0.11   80→8080 (web)  1 → 2 +web#1

      Monthly cost
        Resource             What                  Before    After    Change
        azure:NodePool user  3 × Standard_D4s_v5  $280.32  $420.48  +$140.16
        Total                                     $280.32  $420.48  +$140.16
        730 hours a month. Prices: Azure retail prices of 2026-06-18

      Outputs
        + address: (known after web.status)
      "
    `);
  });

  test.each([80, 120])("fits into %i columns, and says the same", (width) => {
    const text = renderText(storeEdit, { width });
    expect(text).toMatchSnapshot();
    expect(Math.max(...text.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(width);
    const words = (of: string): readonly string[] => of.split(/\s+/).toSorted();
    expect(words(text)).toEqual(words(renderText(storeEdit, { width: 1000 })));
  });

  test("a plan in which nothing happens is told by its counts", () => {
    const [cluster] = storeEdit.clusters;
    const pods = { new: 0, moved: 0, gone: 0, staying: 2, unplaced: 0 };
    const still: Plan = {
      ...storeEdit,
      summary: {
        ...storeEdit.summary,
        create: 0,
        update: 0,
        replace: 0,
        delete: 0,
        pods,
        predictedFailures: 0,
      },
      changes: [],
      outputs: [],
      problems: [],
      cost: { ...storeEdit.cost, before: 420.48 },
      clusters: [{ ...cluster!, unplaced: [], stuck: [] }],
    };
    expect(renderText(still)).toMatchInlineSnapshot(`
      "shop/dev: no changes, 9 unchanged

      As it stands
        Placement in store: 1 node, 6 pods
        Services: 1 service
        Monthly cost: $420.48
      "
    `);
  });

  test("colour adds only escape sequences", () => {
    // oxlint-disable-next-line no-control-regex
    expect(renderText(storeEdit, { palette: ansiPalette }).replace(/\u001b\[\d+m/g, "")).toBe(
      renderText(storeEdit),
    );
  });
});

test("an update that nothing but an interruption asks for says so", () => {
  const update = storeEdit.changes.find((each) => each.action === "update")!;
  const reason = { kind: "interrupted", text: "an update of it was interrupted" } as const;
  const text = renderText({ ...storeEdit, changes: [{ ...update, properties: [], reason }] });
  expect(text).toContain("~ kubernetes:Deployment web/web  an update of it was interrupted  store.ts:42:7");
});

test("thousands of new resources are a line that can be read; what goes is named, all of it", () => {
  const like = (action: "create" | "delete") => {
    const change = storeEdit.changes.find((each) => each.action === action)!;
    return Array.from({ length: 2000 }, (_, i) => ({ ...change, name: `${action}${i}` }));
  };
  const text = renderText({ ...storeEdit, changes: [...like("create"), ...like("delete")] });
  expect(text).toContain("create18, create19 and 1980 more");
  expect(text).not.toContain("create20");
  expect(text).toContain("delete1999");
});

describe("markdown", () => {
  test("is made of the same sections", () => {
    expect(renderMarkdown(storeEdit)).toMatchInlineSnapshot(`
      "<!-- berth:preview project=shop stack=dev -->
      **berth preview** **shop/dev**: 1 to create, **1 to replace**, 1 to update, **1 to delete**, 9 unchanged · pods: 2 new, 1 moved, 1 gone, 3 staying**, 1 pod without a node** · \\+$140.16 a month \\($420.48\\)

      #### Warnings

      - warning BERTH3102 store.ts:42:7 kubernetes:Service web/web spec.ports\\[0\\].targetPort: target port 8081 is declared by no container
        - declare it under ports, or silence BERTH3102 on the service

      #### Resources

      - ± **azure:Subnet nodes** \\(may: depends on network.id\\) store.ts:12:16
        - \\~ addressPrefix: **"10.0.0.0/24"** → \\(string known after network.prefix\\) \\(may change\\) **forces replacement: a subnet in use keeps its prefix**

      - \\- **kubernetes:ConfigMap** × 1 old

      - \\~ kubernetes:Deployment web/web store.ts:42:7
        - \\~ spec.replicas: **1** → 3
        - \\+ spec.template.spec.containers\\[name=web\\].env\\[name=KEY\\].value: \\[secret\\]

      - \\+ kubernetes:Service × 1 web

      #### Placement in store

      Kubernetes 1.36, AKS scheduler defaults, observed live

      - **aks-user-1-vmss000000** Standard\\_D4s\\_v5 westeurope-1
        - cpu ███████░░░ **2.5/3.86** memory ██░░░░░░░░ 2Gi/14Gi pods 5 → 6 limiting: cpu
        - web-x-1 stays
        - \\+ web\\#1 best of 4 nodes: 663 against 586 tied with user\\#2
        - 1 system pod: kube-proxy

      - \\! **big\\#1** no node: 0/1 nodes are available: 1 Insufficient cpu. **→ fits with 1 more node of pool user \\(\\+$167.90 a month\\)**
        - aks-user-1-vmss000000: Insufficient cpu \\(NodeResourcesFit\\)

      #### Services

      | Service | Type | Cluster IP | Ports | Endpoints |
      | --- | --- | --- | --- | --- |
      | \\~ default/web | LoadBalancer pending | 10.0.0.11 | 80→8080 \\(web\\) | **1 → 2** \\+web\\#1 |

      <details><summary>Monthly cost: $420.48</summary>

      | Resource | What | Before | After | Change |
      | --- | --- | ---: | ---: | ---: |
      | azure:NodePool user | 3 × Standard\\_D4s\\_v5 | $280.32 | $420.48 | \\+$140.16 |
      | **Total** |  | $280.32 | $420.48 | \\+$140.16 |

      730 hours a month. Prices: Azure retail prices of 2026-06-18

      </details>

      <details><summary>Outputs: 1 output to change</summary>

      - \\+ address: \\(known after web.status\\)

      </details>
      "
    `);
  });

  test("never exceeds the limit, keeps the verdict, and leaves no fold open", () => {
    const many: Plan = { ...storeEdit, problems: Array.from({ length: 3000 }, () => storeEdit.problems[0]!) };
    for (const limit of [65_536, 20_000, 1500, 400]) {
      const text = renderMarkdown(many, { limit });
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text).toContain("1 to replace");
      expect(text.split("<details>").length).toBe(text.split("</details>").length);
    }
    expect(renderMarkdown(many)).toContain("3000 warnings");
  });
});

describe("hostile names", () => {
  const hostile = [
    "\u001b[2J",
    "<script>alert(1)</script>",
    "@everyone",
    "`code`",
    "a|b",
    "\u202Egnp",
    "::error::\n::set-env::",
  ];

  test("come out inert in both formats", () => {
    for (const name of hostile) {
      const plan: Plan = {
        ...storeEdit,
        project: name,
        changes: storeEdit.changes.map((change) => ({ ...change, name })),
      };
      const text = renderText(plan);
      // oxlint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
      const markdown = renderMarkdown(plan);
      expect(markdown).not.toMatch(/<script|@everyone/);
    }
  });

  test("whatever the text: no control character survives, no markup starts", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        // oxlint-disable-next-line no-control-regex
        expect(inert(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
        expect(inertMarkdown(text)).not.toMatch(/[<>]|(?<!\\)[`*[\]|]/);
      }),
    );
  });
});
