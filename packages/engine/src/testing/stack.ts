import {
  declare,
  definitionOf,
  type Graph,
  type InputValue,
  type ResourceDefinition,
  secret,
  type SecretsKey,
} from "@berth/core";
import { planStack } from "@berth/planner";
import { memoryBackend, openSecrets, type Secrets, type StateBackend } from "@berth/state";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApplyOperation } from "../operation.ts";
import type { TestCloud } from "./test-cloud.ts";
import { Thing } from "./thing.ts";

/** A thing in a program that is given as data. */
export interface DeclaredThing {
  readonly name: string;
  readonly value?: string;
  /** Names of things, declared before, whose versions it takes. */
  readonly from?: readonly string[];
  readonly after?: readonly string[];
  readonly fixed?: string;
  readonly password?: string;
  readonly protect?: boolean;
  /** Physical name; the logical one where it is absent. */
  readonly called?: string;
}

/** The graph of a program that declares these things and exports their versions. */
export async function graphOf(things: readonly DeclaredThing[], stack = "dev"): Promise<Graph> {
  return declare({ project: "test", stack }, () => {
    const declared = new Map<string, InstanceType<typeof Thing>>();
    const thing = (name: string): InstanceType<typeof Thing> => {
      const found = declared.get(name);
      if (!found) throw new Error(`${name} is not declared before it is used`);
      return found;
    };
    for (const { name, value, from, after, fixed, password, protect, called } of things) {
      const inputs: InputValue<{
        name: string;
        value?: string;
        from?: readonly string[];
        fixed?: string;
        password?: string;
      }> = {
        name: called ?? name,
        ...(value !== undefined && { value }),
        ...(from && { from: from.map((each) => thing(each).version) }),
        ...(fixed !== undefined && { fixed }),
        ...(password !== undefined && { password: secret(password) }),
      };
      const options = {
        ...(after && { dependsOn: after.map(thing) }),
        ...(protect !== undefined && { protect }),
      };
      declared.set(name, new Thing(name, inputs, options));
    }
    return Object.fromEntries([...declared].map(([name, each]) => [name, each.version]));
  });
}

/** The definition that every test stack knows. */
export function definition(type: string): ResourceDefinition | undefined {
  const known = definitionOf(Thing);
  return known.type === type ? known : undefined;
}

/** What an operation on these things in this cloud needs; the planner is the real one. */
export async function operationOf(
  things: readonly DeclaredThing[],
  cloud: TestCloud,
  backend: StateBackend = memoryBackend({ project: "test" }),
): Promise<ApplyOperation & { readonly graph: Graph }> {
  return {
    graph: await graphOf(things),
    definition,
    providers: () => new Map([[cloud.name, cloud]]),
    backend,
    secrets: openTestSecrets,
    plan: planStack,
  };
}

/** Secrets with a key file, since deriving a key from a passphrase takes a moment. */
export function openTestSecrets(recorded: SecretsKey | undefined): Secrets {
  return openSecrets({
    recorded,
    passphrase: undefined,
    keyFile: join(tmpdir(), "berth-tests", "secrets.key"),
  });
}
