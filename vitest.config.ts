import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// `npm run test:long` sets it: property tests take more runs and soaks run at all.
const long = process.env["BERTH_LONG"] === "1";

export default defineConfig({
  resolve: { conditions: ["@berth/source"] },
  ssr: { resolve: { conditions: ["@berth/source"] } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    // By default one processor is left to others, which on a machine of two means half of it.
    maxWorkers: availableParallelism(),
    testTimeout: long ? 3_600_000 : 30_000,
    hookTimeout: long ? 3_600_000 : 30_000,
    // Inline projects, since a glob of folders would not inherit the source condition.
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts"],
          exclude: ["**/*.built.test.ts", "**/*.tools.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "built",
          include: ["packages/*/src/**/*.built.test.ts"],
          globalSetup: "packages/bench/src/workspace/build.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ["packages/*/src/**/*.test-d.ts"],
            tsconfig: "./tsconfig.types.json",
          },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["packages/cli/e2e/**/*.test.ts"],
          globalSetup: "packages/bench/src/workspace/build.ts",
          testTimeout: long ? 3_600_000 : 120_000,
          hookTimeout: long ? 3_600_000 : 120_000,
        },
      },
      {
        // As users have it: built packages, and none of the workspace's conditions.
        test: {
          name: "examples",
          include: ["examples/*/*.test.ts"],
          globalSetup: "packages/bench/src/workspace/build.ts",
          server: { deps: { external: [/\/packages\/\w+\/dist\//] } },
          testTimeout: 30_000,
        },
      },
      ...(process.env["BERTH_TOOLS"] === "1"
        ? [
            {
              extends: true as const,
              test: {
                name: "tools",
                include: ["packages/*/src/**/*.tools.test.ts"],
                testTimeout: 600_000,
                hookTimeout: 600_000,
                fileParallelism: false,
              },
            },
          ]
        : []),
    ],
  },
});
