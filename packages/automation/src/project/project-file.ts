import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { PolicySettings } from "@berth/engine";
import { BerthError, type Problem, problem, throwIfErrors } from "@berth/diagnostics";
import { codes } from "../codes.ts";
import { keyProblem } from "../config/config-key.ts";
import { type ConfigSchema, configSchemaDefinitions, configSchemaSchema } from "../config/config-schema.ts";
import { schemaProblems } from "../config/check-config.ts";
import { readYamlFile, type YamlFile } from "./yaml-file.ts";

/** `berth.yaml`: what makes a folder a project. */
export interface ProjectFile {
  /** Name of the project; part of every URN. */
  readonly name: string;
  /** The program, relative to the file. */
  readonly entry: string;
  /** One sentence for people. */
  readonly description?: string;
  /**
   * Where states are kept: `file://FOLDER`, relative to the file, or `azblob://CONTAINER/PREFIX`. Absent:
   * `file://.berth/state`. The environment's BERTH_BACKEND counts more.
   */
  readonly backend?: string;
  /** Which configuration values the program reads; absent: any. */
  readonly config?: ConfigSchema;
  /** Modules of policies, relative to the file, with the configuration of those in them by name. */
  readonly policies?: readonly (string | PolicyModule)[];
}

/** A module of policies in `berth.yaml`. */
export interface PolicyModule {
  readonly module: string;
  readonly configuration?: PolicySettings;
}

const schema = {
  type: "object",
  required: ["name", "entry"],
  additionalProperties: false,
  properties: {
    name: { type: "string" },
    entry: { type: "string", minLength: 1 },
    description: { type: "string" },
    backend: { type: "string" },
    config: configSchemaSchema,
    policies: {
      type: "array",
      items: {
        anyOf: [
          { type: "string", minLength: 1 },
          {
            type: "object",
            required: ["module"],
            additionalProperties: false,
            properties: {
              module: { type: "string", minLength: 1 },
              configuration: { type: "object", additionalProperties: { type: "object" } },
            },
          },
        ],
      },
    },
  },
  $defs: configSchemaDefinitions,
};

export const projectFileName = "berth.yaml";

/** Finds the project of a folder: its own berth.yaml or that of the nearest folder above. */
export async function findProject(cwd: string): Promise<{ directory: string; file: ProjectFile }> {
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    const path = join(directory, projectFileName);
    if (await exists(path)) {
      const read = await readYamlFile<ProjectFile>(path, projectFileName, schema);
      if (read) {
        throwIfErrors(projectProblems(read));
        return { directory, file: { ...read.value, name: checkName("project", read.value.name) } };
      }
    }
    if (dirname(directory) === directory) break;
  }
  throw new BerthError([
    problem(codes.BERTH7201, {
      message: `no ${projectFileName} in ${resolve(cwd)} or above it`,
      hint: "start a project with `berth new`",
    }),
  ]);
}

/** What no JSON Schema can say. */
function projectProblems({ value: { config }, site }: YamlFile<ProjectFile>): readonly Problem[] {
  if (!config) return [];
  const keys = Object.keys(config).flatMap((key) => keyProblem(key, site(["config", key], "key")) ?? []);
  return [...keys, ...schemaProblems(config, (path) => site(["config", ...path]))];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Refuses names that could leave their folder or break a URN. */
export function checkName(what: "project" | "stack", value: string): string {
  if (name.test(value) && !value.includes("..")) return value;
  throw new BerthError([
    problem(codes.BERTH7204, {
      message: `${JSON.stringify(value)} can't be the name of a ${what}`,
      hint: "letters, digits, `-`, `_` and `.`, at most 100, a letter or digit first",
    }),
  ]);
}
